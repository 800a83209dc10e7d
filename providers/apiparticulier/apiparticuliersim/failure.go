package apiparticuliersim

import (
	"encoding/json"
	"net/http"

	"accord/providers/faults"
)

// A failure is an answer with errors.
type failure struct {
	status int
	errors []problem
}

// A problem is one error of API Particulier's.
type problem struct {
	Code   string            `json:"code"`
	Title  string            `json:"title"`
	Detail string            `json:"detail"`
	Source map[string]string `json:"source,omitempty"`
	Meta   map[string]string `json:"meta"`
}

func fail(status int, code, title, parameter string) *failure {
	p := problem{Code: code, Title: title, Detail: title + ".", Meta: map[string]string{}}
	if parameter != "" {
		p.Source = map[string]string{"parameter": parameter}
	}
	return &failure{status, []problem{p}}
}

// failFrom is an administration's own.
func failFrom(status int, code, title, provider string) *failure {
	f := fail(status, code, title, "")
	f.errors[0].Meta["provider"] = provider
	return f
}

func (f *failure) send(w http.ResponseWriter) {
	body, err := json.Marshal(map[string]any{"errors": f.errors})
	if err != nil { // not reached: texts only
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	faults.JSON(w, f.status, string(body))
}
