package journey

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"accord/broker/clocks"
	"accord/broker/seal"
	"accord/broker/store"
)

// RoomState is where a person with the QR code stands, as far as the agent may
// know.
type RoomState string

const roomPurpose = "accord-room-v1"

// The states. What a source answered is none of them.
const (
	RoomWaiting  RoomState = "waiting"
	RoomOpened   RoomState = "opened"
	RoomAccepted RoomState = "accepted"
	RoomRefused  RoomState = "refused"
	RoomMistaken RoomState = "mistaken" // three birth dates were not the agent's
	RoomCapped   RoomState = "capped"
	RoomClosed   RoomState = "closed" // nothing more will come
)

// A Room is what the agent finds there.
type Room struct {
	State RoomState
	Code  string // of RoomAccepted: see Assist
}

// setRoom tells the waiting agent, sealed under a key only the two hold.
func (j *Journey) setRoom(ctx context.Context, in *interaction, r Room) error {
	plain, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encoding a room: %w", err)
	}
	key := in.Assisted.Room
	return j.Store.PutTemporary(ctx, store.Interactions, roomOf(key), seal.Seal(key, roomPurpose, plain), j.Now().Add(clocks.InteractionAtMost))
}

func roomOf(key []byte) store.Hash { return hashOf(append([]byte(roomPurpose), key...)) }

// tellRoom is setRoom where nothing can be done about a failure but to log it:
// the decision is durable, and the agent's page says that it does not know.
func (j *Journey) tellRoom(ctx context.Context, in *interaction, r Room) {
	if in.Assisted == nil || in.Assisted.Room == nil {
		return
	}
	if err := j.setRoom(ctx, in, r); err != nil {
		j.Log.ErrorContext(ctx, "telling a waiting agent", "cause", err)
	}
}

// RoomOf opens the agent's room; one that is no more is closed.
func (j *Journey) RoomOf(ctx context.Context, key []byte) (Room, error) {
	sealed, err := j.Store.GetTemporary(ctx, store.Interactions, roomOf(key))
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrExpired) {
		return Room{State: RoomClosed}, nil
	}
	if err != nil {
		return Room{}, err
	}
	plain, err := seal.Open(key, roomPurpose, sealed)
	if err != nil {
		return Room{}, err
	}
	var r Room
	return r, json.Unmarshal(plain, &r)
}
