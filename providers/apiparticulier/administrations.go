package apiparticulier

import (
	"maps"
	"slices"
)

// The administrations behind API Particulier, by the catalogue's source ids.
// CNAV and FranceTravail are sources that may be connected directly instead.
const (
	CNAV          = "cnav"
	MESR          = "mesr"
	CNOUS         = "cnous"
	MEN           = "men"
	FranceTravail = "francetravail"
	DSNJ          = "dsnj"
	GIPMDS        = "gipmds"
	SDH           = "sdh"
	ANTS          = "ants"
)

// IDs are the sources an Account has, sorted.
func IDs() []string { return slices.Sorted(maps.Keys(resources())) }

// A resource is one thing an administration answers.
type resource struct {
	operator string              // who answers, unless the answer tells
	codes    []int               // of the administration, in API Particulier's error codes: XX of XXYYY
	ask      asker               // what to ask for a query
	data     shape               // of the member data
	scopes   map[string][]string // paths of data that a catalogue id needs; ids are API Particulier's scopes
	persons  []standing          // where the answer names people; none = it names nobody
	check    func(answered) error
	before   *resource // asked first, to know that what the citizen typed is theirs
}

// resources are the catalogue's, by source and resource.
func resources() map[string]map[string]*resource {
	return map[string]map[string]*resource{
		CNAV:          dss(),
		MESR:          {"mesri/statut_etudiant": student()},
		CNOUS:         {"cnous/etudiant_boursier": grant()},
		MEN:           {"men/scolarites": pupil()},
		FranceTravail: {"france_travail/statut": jobseeker(), "france_travail/indemnites": payments()},
		DSNJ:          {"dsnj/service_national": nationalService()},
		GIPMDS:        {"gip_mds/service_civique": civicService()},
		SDH:           {"sdh/statut_sportif": athlete()},
		ANTS:          {"ants/extrait_immatriculation_vehicule": vehicle()},
	}
}
