package ledger

import "testing"

// The steps shown to a person end in the very root the proof was judged by, at
// every place of trees of every shape.
func TestTheStepsOfAnInclusionProofEndInTheRoot(t *testing.T) {
	for _, size := range []int64{1, 2, 3, 5, 7, 8, 255, 256, 257, 600} {
		tree, tiles, _ := grow(t, size, 64)
		root := tree.Root()
		for index := int64(0); index < size; index += 1 + size/40 {
			proof, err := ProveInclusion(index, size, tiles)
			if err != nil {
				t.Fatal(err)
			}
			last := testLeaf(index).Hash()
			for _, step := range Steps(last, index, size, proof) {
				last = step.Hash
			}
			if last != root {
				t.Errorf("leaf %d of %d: the steps end elsewhere", index, size)
			}
		}
		if at, err := RootAt(size, tiles); err != nil || at != root {
			t.Errorf("root at %d from tiles: %v", size, err)
		}
	}
	_, tiles, _ := grow(t, 300, 300)
	smaller, _, _ := grow(t, 131, 131)
	if at, err := RootAt(131, tiles); err != nil || at != smaller.Root() {
		t.Errorf("the root at an earlier size: %v", err)
	}
	if at, err := RootAt(0, tiles); err != nil || at != NewTree().Root() {
		t.Errorf("the root of the empty log: %v", err)
	}
}
