package broker_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent/audit"
)

// exportOf is a citizen's file of everything, by the names of its members.
func exportOf(t *testing.T, c *country.Country, b *headless.Browser) (file []byte, members map[string]string) {
	t.Helper()
	p, err := b.Get(c.Accord + "/mes-accords")
	if err != nil {
		t.Fatal(err)
	}
	link, err := p.Link("export")
	if err != nil {
		t.Fatal(err)
	}
	answer, err := b.Get(link)
	if err != nil || answer.Status != http.StatusOK || answer.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("exporting: %v, %d, %v", err, answer.Status, answer.Header)
	}
	file = []byte(answer.Body)
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	members = map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		members[f.Name] = string(content)
	}
	return file, members
}

// The file of everything is genuine for the offline auditor as it is handed
// out, and holds that citizen's acts, all of them, and nobody else's.
func TestTheExportOfEverythingIsGenuineAndTheCitizensAlone(t *testing.T) {
	c := ownCountry(t, nil)
	b, tok := agreedWith(t, c, "dgfip_rfr")
	read(t, c, tok, quotient)
	keeping(t, b, changePage(t, c, b, tok.GrantID))
	refusing := walk(t, c, canteen(t, c))
	see(t, refusing, "camille")
	do(t, refusing, "refuse")
	_, another := token(t, c, canteen(t, c), "nadia")
	detail, err := b.Get(c.Accord + "/mes-accords/" + tok.GrantID)
	if err != nil {
		t.Fatal(err)
	}
	disputes(t, b, detail, values("raison", "not_me"))
	file, members := exportOf(t, c, b)
	bundles := 0
	for name, content := range members {
		if strings.Contains(content, another.GrantID) {
			t.Errorf("%s holds another citizen's agreement", name)
		}
		if showsQuotient(content) {
			t.Errorf("%s holds a value", name)
		}
		if strings.HasSuffix(name, ".accord") {
			bundles++
			v := audit.VerifyBundle(opens(t, content), policyOf(t, c))
			if v.Outcome != audit.Genuine || members[strings.TrimSuffix(name, ".accord")+".jws"] == "" {
				t.Errorf("%s: %+v", name, v)
			}
		}
	}
	if bundles != 3 { // agreement, change, refusal
		t.Errorf("%d bundles in %d files", bundles, len(members))
	}
	var list struct {
		Accords []struct {
			ID       string
			Events   []struct{ Kind string }
			Receipts []string
		}
		Refus    []struct{ Receipts []string }
		Demandes []struct{ Accord, Kind string }
	}
	if err := json.Unmarshal([]byte(members["mes-accords.json"]), &list); err != nil || len(list.Accords) != 1 || len(list.Refus) != 1 ||
		list.Accords[0].ID != tok.GrantID || len(list.Accords[0].Receipts) != 2 || len(list.Accords[0].Events) < 7 ||
		len(list.Demandes) != 1 || list.Demandes[0].Accord != tok.GrantID {
		t.Errorf("the list: %v %s", err, members["mes-accords.json"])
	}
	rows, err := csv.NewReader(strings.NewReader(members["evenements.csv"])).ReadAll()
	if err != nil || len(rows) != 1+len(list.Accords[0].Events) {
		t.Errorf("the table: %v, %d rows", err, len(rows))
	}
	verifies(t, c, file)
	again, err := b.Get(c.Accord + "/mes-accords/export")
	if err != nil || again.Status != http.StatusTooManyRequests {
		t.Errorf("a second export at once: %v, %d", err, again.Status)
	}
	if stranger, err := headless.New().Get(c.Accord + "/mes-accords/export"); err != nil || stranger.Status != http.StatusUnauthorized {
		t.Errorf("an export for nobody: %v, %d", err, stranger.Status)
	}
}

func opens(t *testing.T, file string) audit.Bundle {
	t.Helper()
	b, err := audit.OpenBundle([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// verifies runs the offline auditor on the file.
func verifies(t *testing.T, c *country.Country, file []byte) {
	t.Helper()
	dir := t.TempDir()
	_, _, policy := fetched(t, c.Accord+"/log/1/policy")
	for name, content := range map[string]string{"policy": policy, "mes-accords.zip": string(file)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.CommandContext(t.Context(), "go", "run", "accord/cmd/accord-verify", "bundle", "-lang", "en", "-policy", filepath.Join(dir, "policy"), filepath.Join(dir, "mes-accords.zip")).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "3 genuine, 0 false, 0 undecided") {
		t.Errorf("accord-verify: %v\n%s", err, out)
	}
}
