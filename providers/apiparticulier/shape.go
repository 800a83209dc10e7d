package apiparticulier

// A shape is what a JSON value must be, in the words of API Particulier's
// OpenAPI description.
type shape struct {
	kind    kind
	null    bool     // null is a value too
	members []member // of an object, in the order they are written
	element *shape   // of a list
	most    int      // elements of a list
	allowed []string // texts; none = any
}

type kind int

const (
	objectKind kind = iota
	listKind
	textKind    // 300 bytes, no control character
	remarkKind  // 2,000 bytes, may have several lines
	dateKind    // YYYY-MM-DD
	birthKind   // YYYY-MM-DD, unknown parts 00, or 0000-00-00 when nothing is known
	integerKind // of nine digits at most
	numberKind
	flagKind
)

// A member of an object. A masked one may be absent: a scope opens it.
type member struct {
	name   string
	masked bool
	shape  shape
}

func is(name string, s shape) member     { return member{name: name, shape: s} }
func masked(name string, s shape) member { return member{name: name, masked: true, shape: s} }

func object(members ...member) shape     { return shape{kind: objectKind, members: members} }
func list(most int, element shape) shape { return shape{kind: listKind, most: most, element: &element} }
func oneOf(allowed ...string) shape      { return shape{kind: textKind, allowed: allowed} }
func text() shape                        { return shape{kind: textKind} }
func remark() shape                      { return shape{kind: remarkKind} }
func date() shape                        { return shape{kind: dateKind} }
func birthdate() shape                   { return shape{kind: birthKind} }
func integer() shape                     { return shape{kind: integerKind} }
func number() shape                      { return shape{kind: numberKind} }
func flag() shape                        { return shape{kind: flagKind} }

func (s shape) orNull() shape {
	s.null = true
	return s
}

// texts are members of that type, all there.
func texts(s shape, names ...string) []member {
	all := make([]member, 0, len(names))
	for _, name := range names {
		all = append(all, is(name, s))
	}
	return all
}

func coded(label string) shape {
	return object(is("code", text().orNull()), is(label, text().orNull()))
}
