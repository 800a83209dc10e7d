package apiparticuliersim

// A Person and what each administration holds about them; nil is nothing.
type Person struct {
	BirthName, UsageName string // UsageName may be empty
	GivenNames           string // separated by spaces
	Birthdate            string // YYYY-MM-DD, unknown parts as 00
	Sex                  string // M or F
	Birthplace           string // INSEE commune code, empty abroad
	BirthplaceName       string
	INE                  string // student's number, empty when none

	Household *Household // of CNAF or MSA; the same pointer for its members
	Benefits  Benefits   // theirs, when in a household

	Admissions      []Admission // MESR; nil: no student
	Grants          []Grant     // CNOUS, latest campaign first
	Schooling       []Schooling // Éducation nationale, one a school year
	NationalService *NationalService
	CivicService    *CivicService
	Athlete         *Athlete
	Vehicles        []Vehicle
	Jobseeker       *Jobseeker
}

// A Household is one file of a fund.
type Household struct {
	Operator  string     // CNAF or MSA
	Claimants []Relative // anyone still on the file stays one
	Children  []Relative
	Address   Address
	Quotients []Quotient // by month, ascending; none = no quotient
	Childcare *Childcare // nil: not counted for a crèche
}

// A Relative is a person as the fund's file has them.
type Relative struct {
	BirthName, UsageName, GivenNames, Birthdate, Sex string // as of Person
	Birthplace                                       string // INSEE commune code, may be empty
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

// Childcare is what a crèche's price is computed from.
type Childcare struct {
	Disabled int // children with AEEH
	Income   int // euros a year
	Year     int // of the computation
}

// Benefits of a person; nil is no beneficiary.
type Benefits struct {
	RSA, Activity       *Right // revenu de solidarité active, prime d'activité
	Disability, Support *Right // allocation aux adultes handicapés, allocation de soutien familial
	Health              *Right // complémentaire santé solidaire
	DisabledChild       *Right // allocation d'éducation de l'enfant handicapé
}

// A Right is a benefit in force.
type Right struct {
	Since     string // YYYY-MM-DD
	Increased bool   // RSA, prime d'activité: majoration; C2S: with participation; AEEH: as the child, not the claimant
}

// An Admission to a training.
type Admission struct {
	From, To            string // YYYY-MM-DD
	Enrolled            bool
	Regime, RegimeLabel string // RF1 … RF7
	Commune             string // INSEE code of the place of study
	School, SchoolName  string // UAI and name
}

// A Grant of a campaign.
type Grant struct {
	Campaign         int // year it begins
	Holder, Removed  bool
	RemovedOn        string // YYYY-MM-DD, with Removed
	Step             string // 0bis, 1 … 7
	Regional         bool   // provisional regional step
	From             string // YYYY-MM-DD
	Months           int
	City, SchoolName string
	Email            string
}

// A Schooling is a pupil's school year.
type Schooling struct {
	Year                    int    // first year, as 2026 for 2026-2027
	School                  string // UAI
	Training, TrainingLabel string // code MEF
	Status, StatusLabel     string // ST …
	Holder                  bool   // of a grant
	Step                    int    // of the grant, 1 … 6
	Boarding, BoardingLabel string // 0 … 6; empty: not known
	Absent                  bool   // registered, not at school
}

// A NationalService status: en_regle, pas_en_regle, indetermine or non_concerne.
type NationalService struct{ Status, Remark string }

// A CivicService is the present and the past contract; nil is none.
type CivicService struct{ Present, Past *Contract }

// A Contract of service civique.
type Contract struct{ SIRET, Host, From, To string }

// An Athlete of the Sport Data Hub.
type Athlete struct {
	Number  string // identifiant, digits
	Present *SportStatus
	Past    []SportStatus
}

// A SportStatus is a period on the list of high-level athletes.
type SportStatus struct {
	Sheet                            int // fiche, of a past one
	From, To                         string
	FederationCode, Federation       string
	EstablishmentCode, Establishment string
	RegionCode, Region               string
	CategoryCode, Category           string
}

// A Vehicle and its registration.
type Vehicle struct {
	Plate, FirstRegistered  string // AA-123-AA, YYYY-MM-DD
	Role                    string // titulaire, cotitulaire or locataire
	Brand, Model            string
	Category, Genre, Fuel   string // codes, as M1, VP, ES
	Class                   string // Euro 6d …
	Mass, Displacement, CO2 int
	Street, City, Zip       string // holder's address
}

// A Jobseeker of France Travail.
type Jobseeker struct {
	Identifiant       string
	Phone, Email      string
	Street, Zip, City string
	Commune           string // INSEE code
	From, To          string // YYYY-MM-DD; To may be empty
	Category          int    // 1 … 5
	CategoryLabel     string
	Payments          []Payment
}

// A Payment of benefits, amounts in euros.
type Payment struct {
	On                    string // YYYY-MM-DD
	Benefits, Help, Other float64
}
