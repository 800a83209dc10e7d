package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent/audit"
)

// publication bounds the wait for a checkpoint over what was just written: one
// is published a second, at most.
const publication = 10 * time.Second

// soon asks again while Accord says that what is asked is not published yet.
func soon(ask func() (ready bool, err error)) error {
	for until := time.Now().Add(publication); ; time.Sleep(100 * time.Millisecond) {
		ready, err := ask()
		if err != nil || ready {
			return err
		}
		if time.Now().After(until) {
			return fmt.Errorf("not published within %s", publication)
		}
	}
}

// bundle downloads the proof bundle of a receipt as its citizen does.
func (ch *checker) bundle(b *headless.Browser, receipt, name string) error {
	return soon(func() (bool, error) {
		page, err := b.Get(receipt + ".accord")
		if err != nil {
			return false, err
		}
		if page.Status == http.StatusServiceUnavailable {
			return false, nil
		}
		return true, ch.download(b, receipt+".accord", name)
	})
}

// published downloads what anyone may: the log's policy.
func (ch *checker) published() error {
	if err := ch.download(headless.New(), ch.Accord+"/log/1/policy", "policy"); err != nil {
		return err
	}
	_, err := audit.ParsePolicy([]byte(ch.files["policy"]))
	return err
}

// export reads the whole log as its auditor, who alone may.
func (ch *checker) export() error {
	status, _, _, err := headless.Read(ch.Accord+"/auditor/events.ndjson", "not-the-auditor")
	if err != nil || status != http.StatusUnauthorized {
		return fmt.Errorf("anyone reads the openings: status %d, %v", status, err)
	}
	size := ch.Store.Health(context.Background()).Size
	return soon(func() (bool, error) {
		status, _, body, err := headless.Read(ch.Accord+"/auditor/events.ndjson", ch.Secrets[country.Auditor])
		if err != nil || status != http.StatusOK {
			return false, fmt.Errorf("the auditor was answered %d: %v", status, err)
		}
		lines := bufio.NewScanner(strings.NewReader(string(body)))
		if !lines.Scan() {
			return false, fmt.Errorf("the export is empty")
		}
		head, err := audit.DecodeExportHeader(lines.Bytes())
		if err != nil {
			return false, err
		}
		ch.files["export.ndjson"] = string(body)
		return head.To >= size && head.Checkpoint != "", nil
	})
}
