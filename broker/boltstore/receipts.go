package boltstore

import (
	"encoding/binary"
	"encoding/json"
	"fmt"

	"accord/broker/store"
)

// A receipt row, before it is sealed:
//
//	len(4) ‖ receiptHead as JSON ‖ len(4) ‖ JWS ‖ evidence
//
// so that the JWS comes back byte for byte and is not encoded twice.
type receiptHead struct {
	ID          string
	Interaction string `json:",omitempty"`
	Citizen     string `json:",omitempty"`
	Client      string `json:",omitempty"`
	Grant       string `json:",omitempty"`
}

func receiptBody(r store.Receipt, head receiptHead) ([]byte, error) {
	head.ID = r.ID
	meta, err := json.Marshal(head)
	if err != nil {
		return nil, fmt.Errorf("encoding a receipt's row: %w", err)
	}
	body := binary.BigEndian.AppendUint32(nil, uint32(len(meta)))
	body = append(body, meta...)
	body = binary.BigEndian.AppendUint32(body, uint32(len(r.JWS)))
	body = append(body, r.JWS...)
	return append(body, r.Sealed...), nil
}

func parseReceiptBody(body []byte) (head receiptHead, jws, evidence []byte, err error) {
	meta, rest, ok := cutLength(body)
	if !ok || json.Unmarshal(meta, &head) != nil {
		return head, nil, nil, fmt.Errorf("reading a receipt's row: %w", ErrDamaged)
	}
	jws, evidence, ok = cutLength(rest)
	if !ok {
		return head, nil, nil, fmt.Errorf("reading a receipt's row: %w", ErrDamaged)
	}
	return head, jws, evidence, nil
}

func cutLength(b []byte) (part, rest []byte, ok bool) {
	if len(b) < 4 || uint64(len(b)-4) < uint64(binary.BigEndian.Uint32(b)) {
		return nil, nil, false
	}
	n := 4 + int(binary.BigEndian.Uint32(b))
	return b[4:n:n], b[n:], true
}
