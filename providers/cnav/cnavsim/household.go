package cnavsim

// A Household is one file of one regime.
type Household struct {
	Operator     Operator // CNAF or MSA
	Allocataires []Person // those who claim; anyone still on the file stays one
	Enfants      []Person
	Address      Address
	Quotients    []Quotient // by month, ascending; none = a file without right
	Base         Base       // of the family's share of a crèche's price
	AEEH         int        // children for whom the AEEH is drawn
}

// An Operator is a regime, by its name.
type Operator string

// The operators.
const (
	CNAF Operator = "CNAF"
	MSA  Operator = "MSA"
)

// A Person as the civil register and the regimes have them.
type Person struct {
	BirthName, UsageName string // UsageName may be empty
	GivenNames           string // separated by spaces
	Birthdate            string // YYYY-MM-DD; unknown month or day 00
	Sex                  string // M or F
	Birthplace           string // INSEE commune code, empty abroad
	Rights               []Right
}

// An Address is self-declared by the household; any line may be empty.
type Address struct {
	Addressee, Complement, Building, Street, Place, City, Country string
}

// A Quotient is the quotient familial from a month on, to the next one.
type Quotient struct {
	Year, Month int
	Value       int // euros a month
}

// A Base is what the household had in a year.
type Base struct {
	Value int // euros a year
	Year  int // 0 = two years ago
}

// A Right is a benefit a person draws, or, of the AEEH, opens to their parents.
type Right struct {
	Benefit Benefit
	Since   string // YYYY-MM-DD; "" = the hub does not tell
	Ended   bool   // a right that is no longer open
}

// A Benefit that can be drawn.
type Benefit string

// The benefits.
const (
	RSA                    Benefit = "RSA"
	RSAIncreased           Benefit = "RSA majoré"
	PrimeActivity          Benefit = "prime d'activité"
	PrimeActivityIncreased Benefit = "prime d'activité majorée"
	AAH                    Benefit = "AAH"
	ASF                    Benefit = "ASF"
	AEEH                   Benefit = "AEEH"
	AEEHOpened             Benefit = "AEEH, enfant ouvrant droit"
	C2S                    Benefit = "C2S sans participation"
	C2SPaid                Benefit = "C2S avec participation"
)
