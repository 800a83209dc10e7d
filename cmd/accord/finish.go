package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"accord/broker/admin"
	"accord/broker/operator"
)

// eraseFinish destroys the epoch keys, once a new copy of the store is verified
// and the operator names the newest epoch key in the copy of the keys. It may be run again.
func eraseFinish(ctx context.Context, in invocation, args []string) error {
	f, s := flags("erase finish"), socket{}
	s.flags(f)
	out, backedUp := f.String("backup", "", ""), f.Bool("backed-up", false, "")
	keys := f.String("keys-backed-up", "", "")
	if err := parse(f, args, 0, 0); err != nil {
		return err
	}
	if (*out != "") == *backedUp || *keys == "" {
		return fmt.Errorf("%w: -keys-backed-up EPOCH, and -backup OUT (made and verified now) or -backed-up (made since the confirmation)", errUsage)
	}
	path, err := s.find(in)
	if err != nil {
		return err
	}
	if *out != "" {
		if err := in.backupFirst(ctx, s.config, *out); err != nil {
			return err
		}
	}
	var done operator.Erased
	if err := call(ctx, path, "/erase/finish", operator.Finish{StoreBackedUp: true, KeysBackedUp: *keys}, &done); err != nil {
		return err
	}
	in.tellErased(done.Destroyed, *out)
	return nil
}

// backupFirst makes the copy that outlives the keys; taken after the rows' keys
// were moved, it needs none of those that are about to go.
func (in invocation) backupFirst(ctx context.Context, config, out string) error {
	c, err := in.loadPlaces(config)
	if err != nil {
		return err
	}
	r, err := writeBackup(ctx, c, out, admin.BackupRate)
	if err != nil {
		return err
	}
	fmt.Fprintf(in.stdout, "%s: %s", out, describe(r))
	return nil
}

// tellErased names what only the operator can reach.
func (in invocation) tellErased(epochs []string, out string) {
	fmt.Fprintln(in.stdout, "EFFACÉ ICI / ERASED HERE. À détruire encore / still to be destroyed:")
	for _, id := range epochs {
		fmt.Fprintf(in.stdout, "  epochs/%s.key dans chaque sauvegarde des clés / in every backup of the keys\n", id)
	}
	fmt.Fprintln(in.stdout, "  toute sauvegarde plus ancienne du registre / every older backup of the store")
	for _, old := range olderThan(out) {
		fmt.Fprintf(in.stdout, "    %s\n", old)
	}
}

// olderThan lists the regular files beside a copy that are not newer than it.
func olderThan(out string) (older []string) {
	made, err := os.Stat(out)
	if err != nil {
		return nil
	}
	entries, _ := os.ReadDir(filepath.Dir(out)) // what is known of it
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && info.Mode().IsRegular() && !os.SameFile(info, made) && !info.ModTime().After(made.ModTime()) {
			older = append(older, filepath.Join(filepath.Dir(out), e.Name()))
		}
	}
	return older
}
