package sourcetest

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Shape is what a JSON text holds but for its values: each path with its type,
// elements of an array together, sorted. "" when it is no JSON.
func Shape(body []byte) string {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var tree any
	if d.Decode(&tree) != nil {
		return ""
	}
	found := map[string]bool{}
	shape(tree, "$", found)
	paths := make([]string, 0, len(found))
	for path := range found {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return strings.Join(paths, " ")
}

func shape(v any, path string, into map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		into[path+":object"] = true
		for name, member := range v {
			shape(member, path+"."+name, into)
		}
	case []any:
		into[path+":array"] = true
		for _, element := range v {
			shape(element, path+"[]", into)
		}
	case nil:
		into[path+":null"] = true
	case string:
		into[path+":text"] = true
	case json.Number:
		into[path+":number"] = true
	case bool:
		into[path+":bool"] = true
	}
}

// Vectors are the files of testdata, by name without .json: invented answers,
// for whoever has no raw samples.
func Vectors(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors (%v)", err)
	}
	vectors := make(map[string][]byte, len(files))
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		vectors[strings.TrimSuffix(filepath.Base(file), ".json")] = body
	}
	return vectors
}
