package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func ptr(n int64) *int64 { return &n }

func granted() Event {
	return Event{
		Kind: "consent.granted", V: 1, Time: "2026-11-22T13:21:07.412Z", Prev: ptr(0),
		Data: []string{"cnaf_quotient_familial"}, Mode: "journey", Recipient: "99900010200015",
	}
}

func TestEncodingIsTheKnownAnswer(t *testing.T) {
	got, err := Encode(granted())
	want := `{"data":["cnaf_quotient_familial"],"kind":"consent.granted","mode":"journey","prev":0,` +
		`"recipient":"99900010200015","time":"2026-11-22T13:21:07.412Z","v":1}`
	if err != nil || string(got) != want {
		t.Errorf("encoded %s: %v", got, err)
	}
	if d := Digest(nil); d != "sha-256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU" {
		t.Errorf("digest of nothing is %s", d)
	}
}

// drawEvent fills every member of the struct by reflection, so that a member
// added later is covered without a line here.
func drawEvent(t *rapid.T) Event {
	var e Event
	text := rapid.StringMatching(`[ -~]{0,20}`)
	v := reflect.ValueOf(&e).Elem()
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		switch f := v.Field(i); f.Interface().(type) {
		case string:
			f.SetString(text.Draw(t, name))
		case []string:
			if list := rapid.SliceOfN(text, 0, 3).Draw(t, name); len(list) > 0 {
				f.Set(reflect.ValueOf(list))
			}
		case []int64:
			if list := rapid.SliceOfN(rapid.Int64Range(0, maxInteger), 0, 3).Draw(t, name); len(list) > 0 {
				f.Set(reflect.ValueOf(list))
			}
		case *int64:
			if rapid.Bool().Draw(t, name+" given") {
				f.Set(reflect.ValueOf(ptr(rapid.Int64Range(0, maxInteger).Draw(t, name))))
			}
		default:
			f.SetInt(rapid.Int64Range(0, maxInteger).Draw(t, name))
		}
	}
	e.V = 1
	e.Kind = rapid.SampledFrom(kindNames()).Draw(t, "kind")
	e.Time = time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "time")).UTC().Format(TimeLayout)
	return e
}

func kindNames() []string {
	var names []string
	for k := range Kind(255) {
		if name := k.name(); name != "" {
			names = append(names, name)
		}
	}
	return names
}

func TestDecodeUndoesEncode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEvent(t)
		b, err := Encode(e)
		if err != nil {
			t.Fatal(err)
		}
		got, kind, err := Decode(b)
		if err != nil || !reflect.DeepEqual(got, e) || kind.String() != e.Kind {
			t.Fatalf("decoded %+v of kind %v: %v", got, kind, err)
		}
	})
}

// canonicalise is RFC 8785 by another road: a generic value, whose members
// encoding/json sorts, with numbers kept as written.
func canonicalise(t *rapid.T, b []byte) []byte {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v map[string]any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSpace(out.Bytes())
}

func TestEncodingEqualsJCS(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, err := Encode(drawEvent(t))
		if err != nil {
			t.Fatal(err)
		}
		if want := canonicalise(t, b); !bytes.Equal(b, want) {
			t.Fatalf("encoded  %s\ncanonical %s", b, want)
		}
		if bytes.ContainsAny(b, "\n\t") || bytes.Contains(bytes.ReplaceAll(b, []byte(`\\`), nil), []byte(`\u`)) {
			t.Fatalf("escaped or spaced: %s", b)
		}
	})
}

func TestMembersStandSorted(t *testing.T) {
	var names []string
	for f := range reflect.TypeFor[Event]().Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
		obligatory := slices.Contains([]string{"kind", "time", "v"}, name)
		if (options == "omitempty") == obligatory {
			t.Errorf("member %s: option %q", name, options)
		}
	}
	if !slices.IsSorted(names) {
		t.Errorf("members are not sorted: %v", names)
	}
}

func TestEncodeRefusesWhatJCSReadersCouldSeeDifferently(t *testing.T) {
	cases := map[string]func(*Event){
		"unknown kind":         func(e *Event) { e.Kind = "release.authorised" },
		"no kind":              func(e *Event) { e.Kind = "" },
		"version":              func(e *Event) { e.V = 2 },
		"time in seconds":      func(e *Event) { e.Time = "2026-11-22T13:21:07Z" },
		"time elsewhere":       func(e *Event) { e.Time = "2026-11-22T13:21:07.412+01:00" },
		"no such day":          func(e *Event) { e.Time = "2026-02-30T13:21:07.412Z" },
		"line end":             func(e *Event) { e.Reason = "a\nb" },
		"delete":               func(e *Event) { e.Reason = "a\x7f" },
		"accent":               func(e *Event) { e.Purpose = "é" },
		"not UTF-8":            func(e *Event) { e.Client = "\xff" },
		"in a list":            func(e *Event) { e.Data = []string{"ok", "\u2028"} },
		"negative":             func(e *Event) { e.Millis = -1 },
		"negative index":       func(e *Event) { e.Prev = ptr(-1) },
		"above 2⁵³-1":          func(e *Event) { e.Lookup = ptr(1 << 53) },
		"in a list of indexes": func(e *Event) { e.Erased = []int64{3, -1} },
		"oversize":             func(e *Event) { e.Key = strings.Repeat("k", MaxEvent) },
	}
	for name, spoil := range cases {
		e := granted()
		spoil(&e)
		if b, err := Encode(e); !errors.Is(err, ErrEvent) {
			t.Errorf("%s: encoded %s: %v", name, b, err)
		}
	}
}

// Every text member must reach the check: a forgotten one would let a name in.
func TestEveryTextMemberIsHeldToASCII(t *testing.T) {
	for f := range reflect.TypeFor[Event]().Fields() {
		e := granted()
		switch v := reflect.ValueOf(&e).Elem().FieldByIndex(f.Index); v.Interface().(type) {
		case string:
			v.SetString("é")
		case []string:
			v.Set(reflect.ValueOf([]string{"é"}))
		default:
			continue
		}
		if _, err := Encode(e); !errors.Is(err, ErrEvent) {
			t.Errorf("member %s may hold any text: %v", f.Name, err)
		}
	}
}

func TestDecodeRefusesEverythingButTheOneEncoding(t *testing.T) {
	b, _ := Encode(granted())
	good := string(b)
	for name, text := range map[string]string{
		"unknown member":  strings.Replace(good, `"kind"`, `"extra":1,"kind"`, 1),
		"doubled member":  strings.Replace(good, `"v":1`, `"v":1,"v":1`, 1),
		"doubled, first":  strings.Replace(good, `"kind":"consent.granted"`, `"kind":"consent.refused","kind":"consent.granted"`, 1),
		"other case":      strings.Replace(good, `"kind"`, `"Kind"`, 1),
		"other order":     `{"v":1,` + strings.Replace(good[1:], `,"v":1`, ``, 1),
		"space":           strings.Replace(good, `,`, `, `, 1),
		"line end":        good + "\n",
		"two values":      good + good,
		"null":            strings.Replace(good, `"prev":0`, `"prev":null`, 1),
		"float":           strings.Replace(good, `"prev":0`, `"prev":0.0`, 1),
		"exponent":        strings.Replace(good, `"prev":0`, `"prev":0e0`, 1),
		"escaped":         strings.Replace(good, `journey`, `\u006aourney`, 1),
		"empty member":    strings.Replace(good, `"journey"`, `""`, 1),
		"cut":             good[:len(good)-1],
		"nothing":         "",
		"no object":       "[]",
		"oversize":        strings.Repeat(" ", MaxEvent+1),
		"number for text": strings.Replace(good, `"journey"`, `1`, 1),
	} {
		if e, _, err := Decode([]byte(text)); !errors.Is(err, ErrEvent) {
			t.Errorf("%s: decoded %+v: %v", name, e, err)
		}
	}
}

func TestKindsKeepTheirNumbersNamesAndOpenings(t *testing.T) {
	public := map[Kind]bool{9: true, 10: true, 11: true, 12: true, 13: true, 15: true, 18: true, 19: true}
	want := map[Kind]string{
		1: "consent.granted", 2: "consent.refused", 4: "release.completed", 5: "release.failed",
		6: "consent.withdrawn", 7: "consent.revoked", 9: "key.activated", 10: "key.retired", 11: "key.compromised",
		12: "notice.published", 13: "policy.changed", 14: "erasure.done", 15: "log.opened", 17: "source.queried",
		18: "approval.changed", 19: "log.closed", 20: "consent.renewed", 21: "admin.act", 22: "lookup.requested", 23: "source.answered",
	}
	for k := range Kind(255) {
		if k.name() != want[k] || k.Public() != public[k] {
			t.Errorf("kind %d is %q, public %v", k, k.name(), k.Public())
		}
		parsed, err := ParseKind(k.String())
		if known := want[k] != ""; known != (err == nil) || known && parsed != k {
			t.Errorf("kind %d parses as %d: %v", k, parsed, err)
		}
	}
	if Kind(3).String() != "kind(3)" {
		t.Errorf("reserved kind writes %q", Kind(3).String())
	}
}

func FuzzEventDecode(f *testing.F) {
	b, _ := Encode(granted())
	f.Add(b)
	f.Add([]byte(`{"http_class":2,"kind":"source.answered","lookup":5,"millis":12,"outcome":"found","queried":7,"time":"2026-11-22T13:21:07.412Z","v":1}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, _, err := Decode(b)
		if err != nil {
			return
		}
		if again, err := Encode(e); err != nil || !bytes.Equal(again, b) {
			t.Errorf("accepted %q, writes back %q: %v", b, again, err)
		}
	})
}
