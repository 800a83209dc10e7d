package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// lines writes one line for each thing worth one:
//
//	2026-11-24T08:00:00Z ALARM entry accord.example/log/1#42: this entry is not … (…)
//
// Time, mark, word and position come first in every language.
type lines struct {
	w      io.Writer
	texts  texts
	origin string
	now    func() time.Time
}

// tell writes what a look gave, unless the last one gave the same, and
// returns how many in a row the log did not answer.
func (l lines) tell(seen sight, now, last *trouble, always bool, failed int) int {
	if now == nil {
		if always || seen.grown > 0 || last != nil {
			l.line(exitWell, "log", l.origin, fmt.Sprintf(l.texts.well, seen.size, seen.grown))
		}
		return 0
	}
	if always || last == nil || last.word != now.word {
		l.trouble(now)
	}
	if now.word == stale {
		return 0 // it does answer
	}
	return failed + 1
}

func (l lines) trouble(t *trouble) {
	place := l.origin
	if t.index >= 0 {
		place = fmt.Sprintf("%s#%d", l.origin, t.index)
	}
	sentence := l.texts.sentences[t.word]
	if t.cause != nil {
		sentence += " (" + oneLine(t.cause.Error()) + ")"
	}
	l.line(t.status(), string(t.word), place, sentence)
}

func (l lines) line(status int, what, place, sentence string) {
	at := l.now().UTC().Format(time.RFC3339)
	fmt.Fprintf(l.w, "%s %s %s %s%s%s\n", at, l.texts.marks[status], what, place, l.texts.colon, sentence)
}

// oneLine keeps an error, which may quote what a log answered, on its line.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}
