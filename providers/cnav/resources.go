package cnav

import (
	"time"

	"accord/providers"
)

// Resources of the hub, by the names they have in API Particulier's addresses.
const (
	QuotientFamilial             = "dss/quotient_familial"
	ParticipationFamilialeEAJE   = "dss/participation_familiale_eaje"
	RevenuSolidariteActive       = "dss/revenu_solidarite_active"
	PrimeActivite                = "dss/prime_activite"
	AllocationAdulteHandicape    = "dss/allocation_adulte_handicape"
	AllocationEnfantHandicape    = "dss/allocation_enfant_handicape"
	AllocationSoutienFamilial    = "dss/allocation_soutien_familial"
	ComplementaireSanteSolidaire = "dss/complementaire_sante_solidaire"
)

// Names are those of all resources the hub has.
func Names() []string {
	return []string{
		QuotientFamilial, ParticipationFamilialeEAJE, RevenuSolidariteActive, PrimeActivite, AllocationAdulteHandicape,
		AllocationEnfantHandicape, AllocationSoutienFamilial, ComplementaireSanteSolidaire,
	}
}

// A resource is how one is asked and read.
type resource struct {
	monthly  bool                                        // asked for a month, which may be past
	nameless bool                                        // its 200 may come without a regime
	read     func(body []byte, a asked) providers.Answer // the body of a 200
}

// An asked is what one query asks, as far as its answer depends on it.
type asked struct {
	identity providers.Identity
	month    period
	today    time.Time // in France
	operator string    // who answers
}

// resources are all there are. The codes of rights are those of
// reference/api-particulier.md §2.3 and of the hub's published samples.
func resources() map[string]resource {
	return map[string]resource{
		QuotientFamilial:           {monthly: true, read: readQuotient},
		ParticipationFamilialeEAJE: {read: readChildcare},
		RevenuSolidariteActive:     {read: increasable(map[string]bool{"FA3101": false, "FA3102": true}).read},
		PrimeActivite:              {read: increasable(map[string]bool{"FA3105": false, "FA3106": true}).read},
		AllocationAdulteHandicape:  {read: plain{"FA1001", "MA1001"}.read},
		AllocationSoutienFamilial:  {read: plain{"FA0115", "MA0115"}.read},
		AllocationEnfantHandicape:  {read: readChildBenefit},
		// Not a family fund's: no regime need stand in its answer.
		ComplementaireSanteSolidaire: {nameless: true, read: readHealth},
	}
}
