package cnavsim

import (
	"path"
	"slices"
)

// Resources of the hub, as API Particulier names them.
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

// Resources are all of them.
func Resources() []string {
	return []string{
		QuotientFamilial, ParticipationFamilialeEAJE, RevenuSolidariteActive, PrimeActivite, AllocationAdulteHandicape,
		AllocationEnfantHandicape, AllocationSoutienFamilial, ComplementaireSanteSolidaire,
	}
}

// Path of a resource at the simulator.
func Path(resource string) string { return "/" + resource }

// Scope of the tokens for a resource.
func Scope(resource string) string { return path.Base(resource) }

func isScope(scope string) bool {
	return slices.ContainsFunc(Resources(), func(r string) bool { return Scope(r) == scope })
}
