package resource

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// A form is how a delivery may be written.
type form string

const (
	envelopeForm form = "application/json" // API Particulier's envelope
	signedForm   form = "application/jwt"  // audit.Delivery as a compact JWS
)

// formOf picks the form the header Accept prefers (RFC 9110 §12.5.1): JSON
// without one, and where both are wanted alike. False when neither is wanted.
// What cannot be read as a media range counts as not there.
func formOf(r *http.Request) (form, bool) {
	ranges := rangesOf(r.Header.Values("Accept"))
	if len(ranges) == 0 {
		return envelopeForm, true
	}
	plain, signed := ranges.weight(envelopeForm), ranges.weight(signedForm)
	switch {
	case plain == 0 && signed == 0:
		return "", false
	case signed > plain:
		return signedForm, true
	}
	return envelopeForm, true
}

// ranges are the weights of media ranges, 0 to 1.
type ranges map[string]float64

func rangesOf(headers []string) ranges {
	all := ranges{}
	for element := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		name, parameters, err := mime.ParseMediaType(element)
		if err != nil {
			continue
		}
		weight := 1.0
		if q, given := parameters["q"]; given {
			if weight, err = strconv.ParseFloat(q, 64); err != nil || !(weight >= 0 && weight <= 1) {
				continue
			}
		}
		all[name] = max(all[name], weight)
	}
	return all
}

// weight is that of the most specific range that covers f.
func (r ranges) weight(f form) float64 {
	for _, name := range []string{string(f), "application/*", "*/*"} {
		if w, given := r[name]; given {
			return w
		}
	}
	return 0
}
