package schematest

import "testing"

// Each row is one keyword, with a document that keeps it and one that breaks it.
func TestEachKeywordJudges(t *testing.T) {
	for name, c := range map[string]struct{ schema, good, bad string }{
		"type":                 {`{"type":"integer"}`, `1`, `1.5`},
		"type boolean":         {`{"type":"boolean"}`, `true`, `"true"`},
		"type null":            {`{"type":"object"}`, `{}`, `null`},
		"const":                {`{"const":false}`, `false`, `0`},
		"enum":                 {`{"enum":["a","b"]}`, `"b"`, `"c"`},
		"pattern":              {`{"pattern":"^a+$"}`, `"aa"`, `"ab"`},
		"minLength":            {`{"minLength":2}`, `"éé"`, `"é"`},
		"minimum":              {`{"minimum":1}`, `1`, `0`},
		"maximum":              {`{"maximum":12}`, `12`, `13`},
		"required":             {`{"required":["a"]}`, `{"a":null}`, `{}`},
		"properties":           {`{"properties":{"a":{"type":"string"}}}`, `{"b":1}`, `{"a":1}`},
		"additionalProperties": {`{"properties":{"a":{}},"additionalProperties":false}`, `{"a":1}`, `{"b":1}`},
		"others by a schema":   {`{"properties":{"a":{}},"additionalProperties":{"type":"string"}}`, `{"a":1,"b":"x"}`, `{"b":1}`},
		"items":                {`{"items":{"type":"string"}}`, `["a"]`, `["a",1]`},
		"a type of several":    {`{"type":["integer","null"]}`, `null`, `"1"`},
		"no integer":           {`{"type":["integer","null"]}`, `2`, `2.5`},
		"every integer":        {`{"type":"number"}`, `2`, `"2"`},
		"minItems":             {`{"minItems":1}`, `[1]`, `[]`},
		"maxItems":             {`{"maxItems":1}`, `[1]`, `[1,2]`},
		"uniqueItems":          {`{"uniqueItems":true}`, `[1,2]`, `[1,2,1]`},
		"contains":             {`{"contains":{"const":1}}`, `[2,1]`, `[2]`},
		"not":                  {`{"not":{"required":["a"]}}`, `{}`, `{"a":1}`},
		"allOf":                {`{"allOf":[{"minimum":1},{"enum":[1,0]}]}`, `1`, `0`},
		"then":                 {`{"if":{"required":["a"]},"then":{"required":["b"]}}`, `{}`, `{"a":1}`},
		"else":                 {`{"if":{"required":["a"]},"else":{"required":["b"]}}`, `{"a":1}`, `{}`},
		"$ref":                 {`{"$defs":{"x":{"const":1}},"items":{"$ref":"#/$defs/x"}}`, `[1]`, `[2]`},
	} {
		s, err := Compile([]byte(c.schema))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if breaches, err := s.Check([]byte(c.good)); err != nil || len(breaches) > 0 {
			t.Errorf("%s: %s breaks it: %v %v", name, c.good, breaches, err)
		}
		if breaches, err := s.Check([]byte(c.bad)); err != nil || len(breaches) == 0 {
			t.Errorf("%s: %s keeps it: %v", name, c.bad, err)
		}
	}
}

func TestASchemaWithASlipIsRefused(t *testing.T) {
	for name, schema := range map[string]string{
		"unknown keyword":        `{"patern":"a"}`,
		"unknown keyword within": `{"items":{"properties":{"a":{"maximun":1}}}}`,
		"unknown type":           `{"type":"text"}`,
		"unknown among types":    `{"type":["string","text"]}`,
		"reference to nothing":   `{"$ref":"#/$defs/x"}`,
		"reference elsewhere":    `{"$ref":"https://other.example/x"}`,
		"not a pattern":          `{"pattern":"("}`,
		"required, undescribed":  `{"additionalProperties":false,"required":["a"]}`,
		"not a schema":           `{"items":[1]}`,
		"others, no schema":      `{"additionalProperties":"x"}`,
		"others with a slip":     `{"additionalProperties":{"typ":"string"}}`,
		"not an object":          `[]`,
		"two values":             `{} {}`,
	} {
		if _, err := Compile([]byte(schema)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
