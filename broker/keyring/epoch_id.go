package keyring

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

const monthLayout = "2006-01"

// An epochID is a month and the generation within it, from 1 on.
type epochID struct {
	month      string
	generation int
}

// String is "2026-11" for the first generation, then "2026-11.2".
func (id epochID) String() string {
	if id.generation <= 1 {
		return id.month
	}
	return id.month + "." + strconv.Itoa(id.generation)
}

func (id epochID) before(other epochID) bool {
	if id.month != other.month {
		return id.month < other.month
	}
	return id.generation < other.generation
}

// parseEpochID reads what String writes and nothing else: ids become names of files.
func parseEpochID(text string) (epochID, error) {
	month, generation, further := strings.Cut(text, ".")
	id := epochID{month: month, generation: 1}
	if further {
		id.generation, _ = strconv.Atoi(generation)
	}
	if _, err := time.Parse(monthLayout, month); err != nil || id.String() != text {
		return epochID{}, fmt.Errorf("%q is no epoch", text)
	}
	return id, nil
}
