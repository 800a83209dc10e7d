package apidoc

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"accord/broker/resource"
	"accord/consent"
	"accord/oidc/issuer"
)

var update = flag.Bool("update", false, "write openapi.yaml")

const (
	dataMark    = "# data\n"
	schemasMark = "# schemas\n"
	consentMark = "# consent_required\n"
)

// TestTheDescriptionFollowsFromTheCatalogue: openapi.yaml is base.yaml with the
// addresses and the schemas of the data written in.
func TestTheDescriptionFollowsFromTheCatalogue(t *testing.T) {
	base, err := os.ReadFile("testdata/base.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(base)
	if strings.Count(text, dataMark) != 1 || strings.Count(text, schemasMark) != 1 || strings.Count(text, consentMark) != 1 {
		t.Fatal("base.yaml has lost its marks")
	}
	paths, schemas := described(t)
	text = strings.Replace(text, dataMark, paths, 1)
	text = strings.Replace(text, schemasMark, schemas, 1)
	text = strings.Replace(text, consentMark, "example: "+recorded("consent_required")+"\n", 1)
	text = strings.Replace(withCalls(t, text), "# codes\n", "enum: ["+strings.Join(errorCodes(), ", ")+"]\n", 1)
	if *update {
		if err := os.WriteFile("openapi.yaml", []byte(text), 0o644); err != nil { //nolint:gosec // G306: a page everybody reads
			t.Fatal(err)
		}
	} else if !bytes.Equal(document, []byte(text)) {
		t.Error("openapi.yaml differs: run go test ./broker/apidoc -update")
	}
}

// withCalls puts the answers of the recorded calls where base.yaml names one:
// "# example grant", and "# value token" among several.
func withCalls(t *testing.T, text string) string {
	t.Helper()
	first, err := Calls()
	if err != nil {
		t.Fatal(err)
	}
	further, err := FurtherCalls()
	if err != nil {
		t.Fatal(err)
	}
	for _, call := range slices.Concat(first, further) {
		text = strings.ReplaceAll(text, "# example "+call.ID+"\n", "example: "+call.Body+"\n")
		text = strings.ReplaceAll(text, "# value "+call.ID+"\n", "value: "+call.Body+"\n")
	}
	if strings.Contains(text, "# example ") || strings.Contains(text, "# value ") {
		t.Error("base.yaml names a call that nobody recorded")
	}
	return text
}

// errorCodes are those the issuer answers as JSON.
func errorCodes() (all []string) {
	for _, e := range issuer.ErrorCodes() {
		if slices.ContainsFunc(e.At, func(at string) bool { return at != issuer.AtRedirect }) {
			all = append(all, e.Code)
		}
	}
	return all
}

// described writes the paths and the schemas of the data.
func described(t *testing.T) (paths, schemas string) {
	t.Helper()
	var p, s strings.Builder
	written := map[string]bool{}
	for _, a := range resource.Addresses() {
		writePath(&p, a)
		if name := schemaName(a); !written[name] {
			written[name] = true
			writeSchema(t, &s, name, a)
		}
	}
	return p.String(), s.String()
}

// schemaName names the document of an address: mesri_statut_etudiant, and an
// earlier version cnous_etudiant_boursier_v3.
func schemaName(a resource.Address) string {
	name := strings.ReplaceAll(a.Resource, "/", "_")
	if a.Earlier {
		name += "_" + strings.Split(a.Path, "/")[1]
	}
	return name
}

func writePath(out *strings.Builder, a resource.Address) {
	operation := strings.NewReplacer("/", "_").Replace(strings.Trim(a.Path, "/"))
	fmt.Fprintf(out, "  %s:\n    get:\n      tags: [data]\n      operationId: %s\n      summary: %s\n", a.Path, operation, a.Resource)
	statuses := []int{401, 406, 422, 429, 500, 503}
	if strings.HasSuffix(a.Path, "/france_connect") {
		fmt.Fprint(out, "      security: [{token: []}, {franceConnectToken: []}]\n")
		statuses = []int{401, 406, 422, 429, 500, 502, 503}
	}
	parameters := []string{`{$ref: "#/components/parameters/recipient"}`}
	for _, name := range a.Period {
		parameters = append(parameters, fmt.Sprintf("{name: %s, in: query, description: The period the person saw; another is refused, schema: {type: integer}}", name))
	}
	fmt.Fprintf(out, "      parameters:\n")
	for _, parameter := range parameters {
		fmt.Fprintf(out, "        - %s\n", parameter)
	}
	fmt.Fprintf(out, `      responses:
        "200":
          description: What the person agreed to send
          headers:
            Accord-Release-Id: {$ref: "#/components/headers/Accord-Release-Id"}
            Accord-Log: {$ref: "#/components/headers/Accord-Log"}
            Accord-Release-Key: {$ref: "#/components/headers/Accord-Release-Key"}
            RateLimit-Limit: {$ref: "#/components/headers/RateLimit-Limit"}
            RateLimit-Remaining: {$ref: "#/components/headers/RateLimit-Remaining"}
            RateLimit-Reset: {$ref: "#/components/headers/RateLimit-Reset"}
          content:
            application/json:
              schema:
                type: object
                additionalProperties: false
                required: [data, links, meta]
                properties:
                  data: {$ref: "#/components/schemas/%s"}
                  links: {$ref: "#/components/schemas/empty"}
                  meta: {$ref: "#/components/schemas/empty"}
%s            application/jwt:
              schema: {type: string, description: "A delivery signed by Accord; verify it with accord-verify delivery. A client that registered a key with use enc, or publishes one at its jwks_uri, gets it encrypted (JWE), the same JWS inside"}
        "403": {$ref: "#/components/responses/forbidden"}
        "404": {$ref: "#/components/responses/absent"}
`, schemaName(a), exampleOf(a))
	for _, status := range statuses {
		fmt.Fprintf(out, "        \"%d\": {$ref: \"#/components/responses/error\"}\n", status)
	}
}

// exampleOf is the recorded example of an address, as JSON in YAML; two where
// answers in place of the values were recorded too, none where nothing was.
func exampleOf(a resource.Address) string {
	values, answers := recorded(schemaName(a)), recorded(schemaName(a)+"_reponses")
	switch {
	case values == "":
		return ""
	case answers == "":
		return "              example: " + values + "\n"
	}
	return "              examples:\n                values:\n                  value: " + values + "\n" +
		"                answers:\n                  summary: Answers in place of the values, as the approval has it\n                  value: " + answers + "\n"
}

func recorded(name string) string {
	raw, err := os.ReadFile("examples/" + name + ".json")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(raw))
}

// A member is one place of a document's schema.
type member struct {
	members map[string]*member
	items   *member
	leaf    string // schema of a scalar, or a reference
}

func (m *member) at(name string) *member {
	if m.members == nil {
		m.members = map[string]*member{}
	}
	if m.members[name] == nil {
		m.members[name] = &member{}
	}
	return m.members[name]
}

func writeSchema(t *testing.T, out *strings.Builder, name string, a resource.Address) {
	t.Helper()
	root := &member{}
	for _, path := range a.Reshape(consent.Paths(consent.DefaultCatalogue().Data(), a.Resource)) {
		at := root
		for part := range strings.SplitSeq(path, ".") {
			plain, list := strings.CutSuffix(part, "[]")
			at = at.at(plain)
			if list {
				if at.items == nil {
					at.items = &member{}
				}
				at = at.items
			}
		}
		at.leaf = leafSchema(t, a.Resource, path)
	}
	root.at(consent.AnswersMember).leaf = `$ref: "#/components/schemas/reponses"`
	fmt.Fprintf(out, "    %s:\n", name)
	root.write(out, "      ")
}

func (m *member) write(out *strings.Builder, indent string) {
	switch {
	case m.leaf != "":
		fmt.Fprintf(out, "%s%s\n", indent, m.leaf)
	case m.items != nil:
		fmt.Fprintf(out, "%stype: array\n%sitems:\n", indent, indent)
		m.items.write(out, indent+"  ")
	default:
		fmt.Fprintf(out, "%stype: object\n%sadditionalProperties: false\n%sproperties:\n", indent, indent, indent)
		var names []string
		for name := range m.members {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			fmt.Fprintf(out, "%s  %s:\n", indent, name)
			m.members[name].write(out, indent+"    ")
		}
	}
}
