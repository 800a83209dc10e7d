package sourcetest

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
)

// mutate spoils body one to three times, by its bytes or by its meaning; other
// is somebody else's answer, to take words from.
func mutate(body, other []byte, r *rand.Rand) []byte {
	out := slices.Clone(body)
	for range 1 + r.IntN(3) {
		if r.IntN(3) == 0 {
			out = mutateBytes(out, r)
		} else {
			out = mutateMeaning(out, other, r)
		}
	}
	return out
}

func mutateBytes(b []byte, r *rand.Rand) []byte {
	if len(b) < 2 {
		return b
	}
	from := r.IntN(len(b))
	to := min(from+1+r.IntN(12), len(b))
	switch r.IntN(6) {
	case 0:
		b[from] ^= 1 << r.IntN(8)
	case 1:
		b = b[:from]
	case 2:
		b = slices.Delete(b, from, to)
	case 3:
		b = slices.Insert(b, from, b[from:to]...)
	case 4:
		b = slices.Insert(b, from, byte(r.IntN(256)))
	case 5:
		b = slices.Concat(b, b[from:to])
	}
	return b
}

// mutateMeaning changes one place of a JSON document; what no longer is one
// comes back as it is.
func mutateMeaning(b, other []byte, r *rand.Rand) []byte {
	tree, ok := parse(b)
	if !ok {
		return b
	}
	foreign, _ := parse(other)
	all, theirs := places(tree, nil), places(foreign, nil)
	if len(all) == 0 || len(theirs) == 0 {
		return b
	}
	one, two, their := all[r.IntN(len(all))], all[r.IntN(len(all))], theirs[r.IntN(len(theirs))]
	change(one, two, their, r)
	out, err := json.Marshal(tree)
	if err != nil {
		return b
	}
	return out
}

func parse(b []byte) (any, bool) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var tree any
	return tree, d.Decode(&tree) == nil && tree != nil
}

// A place is a member of an object or an element of an array.
type place struct {
	object map[string]any
	key    string
	array  []any
	index  int
}

func (p place) get() any {
	if p.object != nil {
		return p.object[p.key]
	}
	return p.array[p.index]
}

func (p place) set(v any) {
	if p.object != nil {
		p.object[p.key] = v
		return
	}
	p.array[p.index] = v
}

// places lists every place below v, in a fixed order.
func places(v any, into []place) []place {
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for key := range v {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			into = places(v[key], append(into, place{object: v, key: key}))
		}
	case []any:
		for i := range v {
			into = places(v[i], append(into, place{array: v, index: i}))
		}
	}
	return into
}

func change(one, two, their place, r *rand.Rand) {
	v, w := one.get(), two.get()
	switch r.IntN(10) {
	case 0:
		one.set(nil)
	case 1:
		if one.object != nil {
			delete(one.object, one.key)
		}
	case 2:
		if one.object != nil {
			delete(one.object, one.key)
			one.object[one.key+"X"] = v
		}
	case 3:
		exchange(one, two, v, w)
	case 4:
		one.set(their.get())
	case 5:
		one.set([]any{v})
	case 6:
		one.set(json.Number("7"))
	case 7:
		one.set("")
	case 8:
		shorten(one, v)
	case 9:
		retype(one, v)
	}
}

// exchange swaps two leaves: swapping branches could tie a knot.
func exchange(one, two place, v, w any) {
	if leaf(v) && leaf(w) {
		one.set(w)
		two.set(v)
	}
}

func leaf(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return false
	}
	return true
}

// shorten drops the last element or character.
func shorten(p place, v any) {
	switch v := v.(type) {
	case []any:
		if len(v) > 0 {
			p.set(slices.Clone(v[:len(v)-1]))
		}
	case string:
		if v != "" {
			p.set(v[:len(v)-1])
		}
	}
}

// retype writes a text as a number and a number as a text.
func retype(p place, v any) {
	switch v := v.(type) {
	case string:
		p.set(json.Number("12"))
	case json.Number:
		p.set(strings.Repeat(v.String(), 1))
	}
}
