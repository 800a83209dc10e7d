package consent

// A Grid turns a value into an answer: a band, or yes or no. Which keys are set
// says of which kind it is: bands, ages or any_of, one of the three.
type Grid struct {
	// ID names the grid: 1 to 64 lower-case letters, digits and hyphens. The
	// answer stands under it in what is delivered.
	ID string `yaml:"id"`
	// Datum is the catalogue id whose value is read.
	Datum string `yaml:"datum"`
	// Path is the leaf of the datum that is read.
	Path string `yaml:"path"`
	// Per is a leaf of the same resource by which Path is divided before the
	// bands are read, exactly: nombre_parts, for an income per share. With
	// bands only. Default: none.
	Per string `yaml:"per,omitempty"`
	// Bands stand in ascending order, 1 to 50; the last one has no upper end.
	Bands []Band `yaml:"bands,omitempty"`
	// Ages asks whether somebody of that age is among the dates of birth at
	// Path, on the day of the look-up.
	Ages *Ages `yaml:"ages,omitempty"`
	// AnyOf asks whether the text at Path is one of these, 1 to 50 lines of at
	// most 120 characters. Case, accents and punctuation do not count. For an
	// address each is a postal code and a commune, and the line need only end
	// with it.
	AnyOf []string `yaml:"any_of,omitempty"`
	// IfYes and IfNo are what the answers of ages and any_of say, at most 120
	// characters each. Obligatory with them, refused without.
	IfYes Text `yaml:"if_yes,omitempty"`
	IfNo  Text `yaml:"if_no,omitempty"`
}

// Ages are completed years, both ends included, 0 to 120.
type Ages struct {
	From int `yaml:"from"`
	To   int `yaml:"to"`
}

// A Band is one line of a grid.
type Band struct {
	// Code is what is sent for the band, 1 to 16 letters, digits, hyphens and
	// underscores, each once. Default: its place as a letter, A, B, C.
	Code string `yaml:"code,omitempty"`
	// Below is the first value that no longer falls into the band, in the
	// datum's unit. Default: none, on the last band only.
	Below *int64 `yaml:"below,omitempty"`
	// Label is what the band leads to, at most 120 characters.
	Label Text `yaml:"label"`
}
