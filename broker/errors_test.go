package broker

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"accord/broker/failure"
	"accord/oidc/issuer"
	"accord/ui"
)

// kinds reads the constants of broker/failure, so that none is forgotten.
func kinds(t *testing.T) []failure.Kind {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "failure/failure.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []failure.Kind
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if of, ok := v.Type.(*ast.Ident); ok && of.Name == "Kind" {
			value, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, failure.Kind(value))
		}
		return true
	})
	return all
}

// failing is a broker that can only fail, and what it wrote to its log.
func failing(t *testing.T) (*Broker, *bytes.Buffer) {
	t.Helper()
	pages, err := ui.New(ui.Options{})
	if err != nil {
		t.Fatal(err)
	}
	log := new(bytes.Buffer)
	handler := slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})
	return &Broker{config: Config{Log: slog.New(handler)}, ui: pages}, log
}

func failed(b *Broker, lang string, err error) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "/accord?i=secret", nil)
	r.Header.Set("Accept-Language", lang)
	w := httptest.NewRecorder()
	b.answerError(w, r, err)
	return w
}

func TestEveryFailureHasItsRowAndItsPageInBothLanguages(t *testing.T) {
	b, log := failing(t)
	all := kinds(t)
	if len(all) < 18 || len(all) != len(outcomes()) {
		t.Fatalf("%d kinds, %d rows", len(all), len(outcomes()))
	}
	for _, kind := range all {
		o, ok := outcomes()[kind]
		if !ok || o.status < 400 && kind != failure.Stopped || !regexp.MustCompile(`^A\d\d$`).MatchString(o.page) {
			t.Errorf("%s: row %+v", kind, o)
			continue
		}
		for _, lang := range []string{"fr", "en"} {
			log.Reset()
			err := failure.Newf(kind, "cause-of-%s", kind).WithBack("https://valbrume.example/retour?error=x", "Commune de Valbrume").WithRetry("/connexion?i=abcdefgh")
			w := failed(b, lang, fmt.Errorf("wrapped: %w", err))
			checkFailure(t, kind, o, lang, w, log.String())
		}
	}
}

var reference = regexp.MustCompile(`<code>([0-9a-f-]{36})</code>`)

func checkFailure(t *testing.T, kind failure.Kind, o outcome, lang string, w *httptest.ResponseRecorder, log string) {
	t.Helper()
	body := w.Body.String()
	for _, needed := range []string{`<html lang="` + lang + `"`, "<code>" + o.page + "</code>", `id="return"`, `id="restart"`} {
		if !strings.Contains(body, needed) {
			t.Errorf("%s in %s: no %s", kind, lang, needed)
		}
	}
	for _, hidden := range []string{"cause-of", "⟦", "secret", "invalid_", "access_denied", "_unavailable", "_error", "_said", "{"} {
		if strings.Contains(body, hidden) {
			t.Errorf("%s in %s: the page holds %q", kind, lang, hidden)
		}
	}
	told := reference.FindStringSubmatch(body)
	if told == nil || !strings.Contains(log, told[1]) || !strings.Contains(log, "cause-of") || strings.Contains(log, "secret") {
		t.Errorf("%s in %s: page and log are not joined: %v, %s", kind, lang, told, log)
	}
	later := o.status == http.StatusTooManyRequests || o.status == http.StatusServiceUnavailable
	if w.Code != o.status || later != (w.Header().Get("Retry-After") != "") {
		t.Errorf("%s: status %d, headers %v", kind, w.Code, w.Header())
	}
}

func TestWhatIsNoFailureOfOursIsOurFault(t *testing.T) {
	b, _ := failing(t)
	for name, err := range map[string]error{"another error": errors.New("bbolt: page 7 freed"), "a kind without a row": failure.New("new_kind", nil)} {
		w := failed(b, "fr", err)
		if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "<code>A21</code>") || strings.Contains(w.Body.String(), "bbolt") {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
}

// Every page the issuer names is one of the table.
func TestAProtocolErrorThatMayNotBeSentIsAPage(t *testing.T) {
	for page, want := range map[string]failure.Kind{
		"redirect_uri": failure.RedirectURI, "request_expired": failure.LinkExpired, "over_asking": failure.OverAsking,
		"unknown_client": failure.BadRequest, "unavailable": failure.Busy, "invalid_request": failure.BadRequest, "unknown_request": failure.UnknownRequest, "logout": failure.BadRequest, "": failure.BadRequest,
	} {
		if got := issuerFailure(&issuer.Error{Code: "invalid_request", Page: page}).Kind; got != want {
			t.Errorf("page %q is %s, want %s", page, got, want)
		}
	}
}
