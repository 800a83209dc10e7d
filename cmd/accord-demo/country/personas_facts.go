package country

import (
	"fmt"
	"time"

	"accord/providers/apiparticulier/apiparticuliersim"
)

// What visitors type: each is told in its persona's story. The school's and the
// number plate's forms are right, and neither was ever given.
const (
	LucasINE         = "999000012AB"
	SabineJobseeker  = "perrochel84"
	YannJobseeker    = "kerbridou71"
	SimonJobseeker   = "perignolle01"
	LucasJobseeker   = "corvaisier05"
	ThibautPlate     = "BV-000-KX"
	ThibautAthlete   = "904051"
	LeoSchool        = "0990001A"
	universityCode   = "0990002B"
	universityTown   = "72999"
	universityName   = "Université des Hautes-Brumes"
	civicServiceHost = "99900096100014"
)

// facts are what the administrations behind API Particulier hold about the
// personas, by id; nothing about the others. Civil status is filled by Known.
func facts(now time.Time) map[string]apiparticuliersim.Person {
	return map[string]apiparticuliersim.Person{
		"lucas":   student(schoolYear(now)),
		"claire":  {Admissions: []apiparticuliersim.Admission{admission(schoolYear(now))}},
		"simon":   {CivicService: volunteer(now)},
		"thibaut": {Athlete: archer(now), Vehicles: []apiparticuliersim.Vehicle{van()}},
	}
}

// schoolYear is the year the current school year began.
func schoolYear(now time.Time) int {
	if now.Month() < time.August {
		return now.Year() - 1
	}
	return now.Year()
}

// student is lucas: enrolled, with a grant, in order with national service.
func student(year int) apiparticuliersim.Person {
	grant := apiparticuliersim.Grant{
		Campaign: year, Holder: true, Step: "5", From: fmt.Sprintf("%d-09-01", year), Months: 10,
		City: "CLAIRPRE", SchoolName: universityName, Email: "lucas.corvaisier@etudiant.example",
	}
	before := grant
	before.Campaign, before.Step, before.From = year-1, "4", fmt.Sprintf("%d-09-01", year-1)
	return apiparticuliersim.Person{
		INE: LucasINE, BirthplaceName: "ORVALLON", Admissions: []apiparticuliersim.Admission{admission(year)}, Grants: []apiparticuliersim.Grant{grant, before},
		NationalService: &apiparticuliersim.NationalService{Status: "en_regle", Remark: "Journée défense et citoyenneté faite"},
	}
}

func admission(year int) apiparticuliersim.Admission {
	return apiparticuliersim.Admission{
		From: fmt.Sprintf("%d-09-01", year), To: fmt.Sprintf("%d-08-31", year+1), Enrolled: true, Regime: "RF1", RegimeLabel: "formation initiale",
		Commune: universityTown, School: universityCode, SchoolName: universityName,
	}
}

// volunteer is simon's civic service, since three months.
func volunteer(now time.Time) *apiparticuliersim.CivicService {
	since := now.AddDate(0, -3, 1-now.Day())
	return &apiparticuliersim.CivicService{Present: &apiparticuliersim.Contract{
		SIRET: civicServiceHost, Host: "ASSOCIATION LES SENTIERS DE VALBRUME",
		From: since.Format(time.DateOnly), To: since.AddDate(0, 8, -1).Format(time.DateOnly),
	}}
}

// archer is thibaut's standing on the list of high-level athletes.
func archer(now time.Time) *apiparticuliersim.Athlete {
	status := func(sheet, year int, code, category string) apiparticuliersim.SportStatus {
		return apiparticuliersim.SportStatus{
			Sheet: sheet, From: fmt.Sprintf("%d-11-01", year), To: fmt.Sprintf("%d-10-31", year+1),
			FederationCode: "999", Federation: "Fédération inventée de tir à l'arc", EstablishmentCode: "E-01", Establishment: "Pôle de Clairpré",
			RegionCode: "99", Region: "Hautes-Brumes", CategoryCode: code, Category: category,
		}
	}
	season := now.Year()
	if now.Month() < time.November {
		season--
	}
	present := status(0, season, "SEN", "Senior")
	return &apiparticuliersim.Athlete{
		Number: ThibautAthlete, Present: &present, Past: []apiparticuliersim.SportStatus{status(1, season-1, "REL", "Relève")},
	}
}

func van() apiparticuliersim.Vehicle {
	return apiparticuliersim.Vehicle{
		Plate: ThibautPlate, FirstRegistered: "2019-05-20", Role: "titulaire", Brand: "TAILLEFER", Model: "COLPORTEUR", Category: "N1", Genre: "CTTE",
		Fuel: "GO", Class: "Euro 6", Mass: 2800, Displacement: 1968, CO2: 168, Street: "LA HAUTE BOISSIERE", City: "ORVALLON", Zip: "53997",
	}
}

// schoolings are Léo's three last school years.
func schoolings(now time.Time) []apiparticuliersim.Schooling {
	var all []apiparticuliersim.Schooling
	for back := range 3 {
		all = append(all, apiparticuliersim.Schooling{
			Year: schoolYear(now) - back, School: LeoSchool, Training: "00100005100", TrainingLabel: "ECOLE ELEMENTAIRE",
			Status: "ST", StatusLabel: "SCOLAIRE", Boarding: "2", BoardingLabel: "DEMI-PENSIONNAIRE",
		})
	}
	return all
}
