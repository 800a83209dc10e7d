package consent

import "accord/consent/receipt"

// IdentifierID names, in receipts and on pages, the one thing a request for
// openid alone gives: the pairwise sub. It is no entry of the catalogue, since
// nothing is looked up and no delivery follows.
const IdentifierID = receipt.IdentifierID

// identifier is what a receipt of mode identity lists instead of data.
func (in ReceiptInput) identifier() receipt.Datum {
	return receipt.Datum{
		ID: IdentifierID, Type: TypeIdentity, Attributes: []string{"sub"}, Granted: in.Type == Granted,
		Source: "siret:" + in.Sources[SourceFranceConnect].SIRET,
	}
}
