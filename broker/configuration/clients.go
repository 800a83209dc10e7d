package configuration

import (
	"os"
	"path/filepath"
	"strings"

	"accord/consent"
	"accord/oidc/issuer"
)

// Clients are the registered clients of a folder.
type Clients struct {
	byID map[string]*issuer.Client
	docs map[string]*document // by client_id
	left bool                 // some file was refused
}

// Get finds a client by its client_id.
func (c Clients) Get(id string) (*issuer.Client, bool) {
	client, ok := c.byID[id]
	return client, ok
}

// IDs lists the client_ids, sorted.
func (c Clients) IDs() []string { return sortedKeys(c.byID) }

// LoadClients reads every *.yaml of a folder, each one client named as its
// file. A client with a mistake is left out of the result.
func LoadClients(dir string) (Clients, []Mistake) {
	clients := Clients{byID: map[string]*issuer.Client{}, docs: map[string]*document{}}
	var mistakes []Mistake
	for _, file := range yamlFiles(dir) {
		client := &issuer.Client{}
		d := load(file, client)
		d.checkClient(client)
		mistakes = append(mistakes, d.mistakes...)
		if !Refused(d.mistakes) {
			clients.byID[client.ID], clients.docs[client.ID] = client, d
		} else {
			clients.left = true
		}
	}
	return clients, sorted(mistakes)
}

func (d *document) checkClient(c *issuer.Client) {
	if len(d.lines) == 0 {
		return
	}
	for _, p := range c.Validate() {
		d.problem(p.Path, "%s", p.Message)
	}
	if want := stem(d.file); c.ID != "" && c.ID != want {
		d.problem("$.id", "differs from the file's name: write %s, or rename the file", want)
	}
	if c.ID == consent.DeskClient {
		d.problem("$.id", "%s stands for the desk in the log: take another name", c.ID)
	}
	if !c.PKCERequired() {
		d.warn("$.pkce", "optional: a code stolen on its way can be used by who holds the client's secret; write required as soon as the software can")
	}
}

// yamlFiles lists a folder's *.yaml, sorted; a folder that cannot be read is
// reported where its path is written.
func yamlFiles(dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil || dir == "" {
		return nil
	}
	var files []string
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), ".yaml") {
			files = append(files, filepath.Join(dir, e.Name()))
		}
	}
	return files
}

func stem(file string) string { return strings.TrimSuffix(filepath.Base(file), ".yaml") }

// All lists the clients, by client_id.
func (c Clients) All() []*issuer.Client {
	var all []*issuer.Client
	for _, id := range c.IDs() {
		all = append(all, c.byID[id])
	}
	return all
}
