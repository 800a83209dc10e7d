package seal

import (
	"bytes"
	"errors"
	"testing"

	"pgregory.net/rapid"
)

func TestOnlyTheSameSecretAndPurposeOpen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "secret")
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		box := Seal(secret, "a", plain)
		got, err := Open(secret, "a", box)
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("own secret does not open: %v", err)
		}
		if _, err := Open(secret, "b", box); !errors.Is(err, ErrOpen) {
			t.Fatal("another purpose opens")
		}
		other := bytes.Clone(secret)
		other[rapid.IntRange(0, 31).Draw(t, "at")] ^= 1
		if _, err := Open(other, "a", box); !errors.Is(err, ErrOpen) {
			t.Fatal("another secret opens")
		}
		box[rapid.IntRange(0, len(box)-1).Draw(t, "flip")] ^= 1
		if _, err := Open(secret, "a", box); !errors.Is(err, ErrOpen) {
			t.Fatal("altered bytes open")
		}
	})
}

func TestTheSamePlainTextNeverSealsTwiceAlike(t *testing.T) {
	secret := make([]byte, 32)
	if bytes.Equal(Seal(secret, "a", []byte("x")), Seal(secret, "a", []byte("x"))) {
		t.Fatal("nonce reused")
	}
}
