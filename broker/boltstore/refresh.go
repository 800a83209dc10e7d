package boltstore

import "errors"

// revokeRefresh kills the grant's refresh token and its access tokens, whichever
// of its refresh tokens is named. RFC 7009 §2.1.
func (b *batch) revokeRefresh(client string, token []byte) error {
	row, _, err := getJSON[refreshRow](b.tx, refreshBucket, token)
	if err != nil || row.Client != client {
		return err
	}
	g, err := b.grantAt(row.Grant)
	if err != nil {
		return err
	}
	refresh, tokens := g.Refresh, g.Tokens
	return errors.Join(b.wipeRefresh(refresh), b.wipeTokens(tokens))
}

// wipeRefresh leaves rows that open nothing: the token that renews, and what
// its predecessor hands over.
func (b *batch) wipeRefresh(h []byte) error {
	row, found, err := getJSON[refreshRow](b.tx, refreshBucket, h)
	if err != nil || !found {
		return err
	}
	before := row.Before
	row.Dead, row.Bound = true, nil
	err = b.putJSON(refreshBucket, h, row)
	if before != nil {
		err = errors.Join(err, b.delete(handedBucket, before))
	}
	return err
}

// refreshesOf names the rows of a grant's refresh tokens, from the one that
// renews back to the first.
func (b *batch) refreshesOf(g grantRow) (keys []stateKey, err error) {
	for h := g.Refresh; h != nil; {
		row, found, err := getJSON[refreshRow](b.tx, refreshBucket, h)
		if err != nil || !found {
			return keys, err
		}
		keys = append(keys, stateKey{refreshBucket, h}, stateKey{handedBucket, h})
		h = row.Before
	}
	return keys, nil
}
