package broker_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"accord/consent/audit"
	"accord/consent/ledger"
)

func codeIn(page, id string) string {
	found := regexp.MustCompile(`<code id="` + id + `">([^<]*)</code>`).FindStringSubmatch(page)
	if found == nil {
		return ""
	}
	return strings.ReplaceAll(strings.ReplaceAll(found[1], "&#43;", "+"), "&#34;", `"`)
}

// The log's pages tell the published head, and each leaf the way to its root.
func TestTheExplorerLeadsFromEveryLeafToTheSignedRoot(t *testing.T) {
	c := ownCountry(t, nil)
	token(t, c, canteen(t, c), "camille")
	_, head := publishedLog(t, c)
	root := base64.StdEncoding.EncodeToString(head.Root[:])
	_, _, page := fetched(t, c.Accord+"/journal")
	if codeIn(page, "root") != root || !strings.Contains(page, fmt.Sprintf(`<dd id="size">%d</dd>`, head.Size)) || !strings.Contains(page, `href="/log/1/checkpoint"`) {
		t.Errorf("the head is not told: %s", codeIn(page, "root"))
	}
	public := 0
	for _, e := range logOf(t, c) {
		if e.Index >= head.Size {
			break
		}
		status, _, page := fetched(t, fmt.Sprintf("%s/journal/%d", c.Accord, e.Index))
		hash := e.Leaf.Hash()
		if status != http.StatusOK || codeIn(page, "hash") != base64.StdEncoding.EncodeToString(hash[:]) || codeIn(page, "root") == "" || !strings.Contains(page, "Preuve recalculée") {
			t.Fatalf("leaf %d: status %d", e.Index, status)
		}
		if !strings.Contains(page, hex.EncodeToString(e.Leaf[:])) {
			t.Errorf("leaf %d is not shown", e.Index)
		}
		kind, err := audit.ParseKind(e.event.Kind)
		if err != nil {
			t.Fatal(err)
		}
		if told := strings.Contains(page, e.event.Time); told != kind.Public() {
			t.Errorf("leaf %d, %s: its time is told: %v", e.Index, kind, told)
		}
		if kind.Public() {
			public++
			continue
		}
		for _, secret := range []string{e.event.Grant, e.event.Citizen, e.event.Subject, e.event.Interaction, e.event.Receipt, e.event.Client, e.event.Recipient, e.event.Release} {
			if secret != "" && strings.Contains(page, secret) {
				t.Errorf("leaf %d, %s, tells %s", e.Index, kind, secret)
			}
		}
	}
	if public < 5 || int64(public) == head.Size {
		t.Errorf("%d of %d leaves are public: the test proves nothing", public, head.Size)
	}
}

// Two states are compared by a proof made and checked anew; nothing beyond the
// published head is one.
func TestTheExplorerComparesTwoStatesAndRefusesOthers(t *testing.T) {
	c := ownCountry(t, nil)
	_, head := publishedLog(t, c)
	token(t, c, canteen(t, c), "camille")
	_, later := publishedLog(t, c)
	status, _, page := fetched(t, fmt.Sprintf("%s/journal?from=%d&to=%d", c.Accord, head.Size, later.Size))
	for _, root := range []ledger.Checkpoint{head, later} {
		text := strings.ReplaceAll(base64.StdEncoding.EncodeToString(root.Root[:]), "+", "&#43;")
		if !strings.Contains(page, text) {
			t.Errorf("the root at %d is not told", root.Size)
		}
	}
	if status != http.StatusOK || !strings.Contains(page, "rien n’a été récrit") {
		t.Errorf("status %d", status)
	}
	for query, want := range map[string]int{
		"from=0": 200, "from=1&to=1": 200, fmt.Sprintf("from=%d", later.Size): 200, fmt.Sprintf("from=1&to=%d", later.Size+1): 422, "from=5&to=2": 422,
		"from=-1": 422, "from=x": 422, "from=01": 422, "from=9223372036854775808": 422, "from=1&to=" + many(2000): 422,
		"index=0": 200, fmt.Sprintf("index=%d", later.Size): 422, "index=-1": 422, "index=a": 422, "index=%00": 422,
	} {
		if status, _, page := fetched(t, c.Accord+"/journal?"+query); status != want || (status == 422) != strings.Contains(page, `id="resume"`) {
			t.Errorf("%.40s: status %d, want %d", query, status, want)
		}
	}
	for _, index := range []string{fmt.Sprint(later.Size), "-1", "00", "x", "9223372036854775807", "1/2", "%00"} {
		if status, _, _ := fetched(t, c.Accord+"/journal/"+index); status != http.StatusNotFound {
			t.Errorf("leaf %s: status %d", index, status)
		}
	}
}
