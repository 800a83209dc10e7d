package admin

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// slowly serves copies under a bound that one of them outlasts.
func slowly(t *testing.T, copy func(context.Context, io.Writer) error) string {
	t.Helper()
	server := httptest.NewUnstartedServer(Handler(Config{Health: &Health{}, Metrics: NewMetrics(), Backup: copy}))
	server.Config.WriteTimeout, server.Config.ReadTimeout = 100*time.Millisecond, 100*time.Millisecond
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}

func post(t *testing.T, url string) (int, []byte, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, body, err
}

func TestACopyMayTakeLongerThanAnAnswer(t *testing.T) {
	url := slowly(t, func(_ context.Context, w io.Writer) error {
		for range 5 {
			if _, err := w.Write(make([]byte, 1000)); err != nil {
				return err
			}
			time.Sleep(60 * time.Millisecond)
		}
		return nil
	})
	if code, body, err := post(t, url+"/backup?rate=10"); code != http.StatusOK || len(body) != 5000 || err != nil {
		t.Errorf("%d, %d bytes, %v", code, len(body), err)
	}
	if code, _ := get(t, plain(&Health{}), "/backup"); code != http.StatusNotFound {
		t.Errorf("without a store: %d", code)
	}
}

func TestACopyThatFailsIsNeverEndedCleanly(t *testing.T) {
	url := slowly(t, func(_ context.Context, w io.Writer) error {
		_, _ = w.Write(make([]byte, 1000))
		return errors.New("the disk failed")
	})
	if _, body, err := post(t, url+"/backup?rate=10"); err == nil {
		t.Errorf("%d bytes look whole", len(body))
	}
}

func TestTheSpeedOfACopyIsBounded(t *testing.T) {
	for _, rate := range []string{"", "0", "-1", "4097", "x"} {
		url := slowly(t, func(context.Context, io.Writer) error { return nil })
		if code, _, _ := post(t, url+"/backup?rate="+rate); code != http.StatusBadRequest {
			t.Errorf("rate %q: %d", rate, code)
		}
	}
	var out bytes.Buffer
	began := time.Now()
	n, err := Throttle(t.Context(), &out, 1).Write(make([]byte, 512<<10))
	if took := time.Since(began); n != 512<<10 || err != nil || out.Len() != n || took < 200*time.Millisecond {
		t.Errorf("half a MiB at 1 MiB/s: %d bytes in %s, %v", n, took, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Throttle(ctx, &out, 1).Write(make([]byte, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("after its context ended: %v", err)
	}
}
