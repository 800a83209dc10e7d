package headless

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// Has tells whether the page holds an element with this id.
func (p *Page) Has(id string) bool { return p.byID(id) != nil }

// Text is the text of the element with this id, spaces joined; "" without one.
func (p *Page) Text(id string) string {
	n := p.byID(id)
	if n == nil {
		return ""
	}
	return strings.Join(strings.Fields(words(n)), " ")
}

// Words is all text of the page.
func (p *Page) Words() string { return strings.Join(strings.Fields(words(p.root)), " ") }

// Link is the address of the element with this id.
func (p *Page) Link(id string) (string, error) {
	n := p.byID(id)
	if n == nil {
		return "", fmt.Errorf("no link %q on %s", id, p.URL.Path)
	}
	u, err := p.URL.Parse(attr(n, "href"))
	if err != nil {
		return "", fmt.Errorf("link %q: %w", id, err)
	}
	return u.String(), nil
}

// LinkTo is the first address on the page whose path has this prefix.
func (p *Page) LinkTo(prefix string) (string, error) {
	for n := range p.root.Descendants() {
		if n.Data != "a" {
			continue
		}
		if u, err := p.URL.Parse(attr(n, "href")); err == nil && strings.HasPrefix(u.Path, prefix) {
			return u.String(), nil
		}
	}
	return "", fmt.Errorf("no link to %s on %s", prefix, p.URL.Path)
}

// Form gives what pressing the button with this id would send: the form's
// hidden and ticked fields, the button's own name, and more.
func (p *Page) Form(button string, more url.Values) (method, action string, values url.Values, err error) {
	b := p.byID(button)
	if b == nil {
		return "", "", nil, fmt.Errorf("no button %q on %s (status %d): %.300s", button, p.URL.Path, p.Status, p.Words())
	}
	form := b
	for form != nil && form.Data != "form" {
		form = form.Parent
	}
	if form == nil {
		return "", "", nil, fmt.Errorf("button %q is in no form", button)
	}
	values = fields(form)
	if name := attr(b, "name"); name != "" {
		values.Set(name, attr(b, "value"))
	}
	for k, v := range more {
		values[k] = v
	}
	u, err := p.URL.Parse(attr(form, "action"))
	if err != nil {
		return "", "", nil, fmt.Errorf("form of %q: %w", button, err)
	}
	return strings.ToUpper(attr(form, "method")), u.String(), values, nil
}

// Press presses the button with this id, with further fields.
func (b *Browser) Press(p *Page, button string, more url.Values) (*Page, error) {
	method, action, values, err := p.Form(button, more)
	if err != nil {
		return nil, err
	}
	return b.Send(p, method, action, values)
}

// Send posts a form of page p as the browser would.
func (b *Browser) Send(p *Page, method, action string, values url.Values) (*Page, error) {
	if method != http.MethodPost {
		return b.send(http.MethodGet, action+"?"+values.Encode(), nil, "")
	}
	return b.send(method, action, values, p.URL.Scheme+"://"+p.URL.Host)
}

// fields are what a form sends by itself.
func fields(form *html.Node) url.Values {
	v := url.Values{}
	for n := range form.Descendants() {
		name, kind := attr(n, "name"), attr(n, "type")
		if n.Data == "select" && name != "" {
			v.Add(name, picked(n))
		}
		if n.Data == "textarea" && name != "" && n.FirstChild != nil {
			v.Add(name, n.FirstChild.Data)
		}
		if n.Data != "input" || name == "" {
			continue
		}
		if _, ticked := has(n, "checked"); ticked || (kind != "checkbox" && kind != "radio" && kind != "submit") {
			v.Add(name, attr(n, "value"))
		}
	}
	return v
}

// picked is the value of a select: its selected option, or its first.
func picked(list *html.Node) string {
	first, found := "", false
	for n := range list.Descendants() {
		if n.Data != "option" {
			continue
		}
		if _, selected := has(n, "selected"); selected {
			return attr(n, "value")
		}
		if !found {
			first, found = attr(n, "value"), true
		}
	}
	return first
}

func (p *Page) byID(id string) *html.Node {
	if p.root == nil {
		return nil
	}
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && attr(n, "id") == id {
			return n
		}
	}
	return nil
}

func attr(n *html.Node, name string) string {
	v, _ := has(n, name)
	return v
}

func has(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && d.Parent.Data != "style" {
			b.WriteString(d.Data + " ")
		}
	}
	return b.String()
}
