package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// A line is one kept connection to one server. It is not net/http's client: a
// client that costs as much as the server would halve what is measured on one
// machine. It is used by one worker.
type line struct {
	host string // Host header
	conn net.Conn
	in   *bufio.Reader
	out  []byte
}

func dial(address, host string) (*line, error) {
	conn, err := net.Dial("tcp4", address)
	if err != nil {
		return nil, fmt.Errorf("connecting: %w", err)
	}
	return &line{host: host, conn: conn, in: bufio.NewReaderSize(conn, 32<<10)}, nil
}

// An ask is one request; form nil makes it a GET.
type ask struct {
	path    string // with its query
	form    url.Values
	cookie  string
	headers []string // "Name: value"
}

// A reply is one whole answer.
type reply struct {
	status   int
	header   http.Header
	location string
	body     []byte
}

const patience = 30 * time.Second

func (l *line) do(a ask) (reply, error) {
	if err := l.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return reply{}, fmt.Errorf("setting a deadline: %w", err)
	}
	l.write(a)
	if _, err := l.conn.Write(l.out); err != nil {
		return reply{}, fmt.Errorf("%s: %w", shortPath(a.path), err)
	}
	res, err := http.ReadResponse(l.in, nil)
	if err != nil {
		return reply{}, fmt.Errorf("%s: %w", shortPath(a.path), err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return reply{}, fmt.Errorf("%s: %w", shortPath(a.path), err)
	}
	return reply{status: res.StatusCode, header: res.Header, location: res.Header.Get("Location"), body: body}, nil
}

func (l *line) write(a ask) {
	method, body := http.MethodGet, ""
	if a.form != nil {
		method, body = http.MethodPost, a.form.Encode()
	}
	b := append(l.out[:0], method+" "+a.path+" HTTP/1.1\r\nHost: "+l.host+"\r\n"...)
	if a.cookie != "" {
		b = append(b, "Cookie: "+a.cookie+"\r\n"...)
	}
	for _, h := range a.headers {
		b = append(b, h+"\r\n"...)
	}
	if a.form != nil {
		b = append(b, "Origin: http://"+l.host+"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "...)
		b = strconv.AppendInt(b, int64(len(body)), 10)
		b = append(b, "\r\n"...)
	}
	b = append(b, "\r\n"...)
	l.out = append(b, body...)
}

// expect does a and insists on its status.
func (l *line) expect(status int, a ask) (reply, error) {
	r, err := l.do(a)
	if err == nil && r.status != status {
		err = fmt.Errorf("%s: status %d, want %d: %.200s", shortPath(a.path), r.status, status, r.body)
	}
	return r, err
}

// follow does a and gives where it leads: on the same server its path alone.
func (l *line) follow(a ask) (reply, error) {
	r, err := l.do(a)
	if err == nil && (r.status < 300 || r.status > 399 || r.location == "") {
		err = fmt.Errorf("%s: status %d, want a redirect: %.200s", shortPath(a.path), r.status, r.body)
	}
	r.location = strings.TrimPrefix(r.location, "http://"+l.host)
	return r, err
}

func shortPath(path string) string {
	p, _, _ := strings.Cut(path, "?")
	return p
}

// cookie is "name=value" of the first cookie that is set, kept if none is.
func (r reply) cookie(kept string) string {
	set := r.header.Get("Set-Cookie")
	pair, _, _ := strings.Cut(set, ";")
	if pair == "" || strings.HasSuffix(pair, "=") {
		return kept
	}
	return pair
}

// hidden is the value of a hidden field, found by its bytes.
func (r reply) hidden(name string) string {
	_, rest, ok := strings.Cut(string(r.body), `name="`+name+`" value="`)
	value, _, end := strings.Cut(rest, `"`)
	if !ok || !end {
		return ""
	}
	return value
}

func basic(id, secret string) string {
	return "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(id)+":"+url.QueryEscape(secret)))
}
