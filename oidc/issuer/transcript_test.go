package issuer

import (
	"encoding/json"
	"net/http/httptest"
	"testing"
)

// object reads a JSON answer.
func object(t testing.TB, w *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	body := map[string]any{}
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatalf("answer %d is not a JSON object: %s", w.Code, w.Body)
	}
	return body
}

// member reads a string member of a JSON answer.
func member(t testing.TB, w *httptest.ResponseRecorder, name string) string {
	t.Helper()
	s, ok := object(t, w)[name].(string)
	if !ok {
		t.Fatalf("answer %d has no %s: %s", w.Code, name, w.Body)
	}
	return s
}
