package dataset

import (
	"bytes"
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestReadCSV(t *testing.T) {
	for name, tt := range map[string]struct {
		file    string
		cfg     CSVConfig
		x       []float32
		columns int
		y       []int64
		classes []string
	}{
		"ids":             {"1,2,0\n3,4,2\n", CSVConfig{}, []float32{1, 2, 3, 4}, 2, []int64{0, 2}, []string{"0", "1", "2"}},
		"no last newline": {"1,2,0\n3,4,2", CSVConfig{}, []float32{1, 2, 3, 4}, 2, []int64{0, 2}, []string{"0", "1", "2"}},
		"names":           {"1,cat\n2,ant\n3,cat\n", CSVConfig{}, []float32{1, 2, 3}, 1, []int64{1, 0, 1}, []string{"ant", "cat"}},
		"signs":           {"1,1\n2,-1\n", CSVConfig{}, []float32{1, 2}, 1, []int64{1, 0}, []string{"-1", "1"}},
		"large numbers":   {"1,100000\n2,99999\n", CSVConfig{}, []float32{1, 2}, 1, []int64{1, 0}, []string{"99999", "100000"}},
		"decimal labels":  {"1,1.0\n2,0.0\n", CSVConfig{}, []float32{1, 2}, 1, []int64{1, 0}, []string{"0.0", "1.0"}},
		"header":          {"a,b,c\n1,2,0\n", CSVConfig{Header: true}, []float32{1, 2}, 2, []int64{0}, []string{"0"}},
		"first column":    {"1,2,3\n", CSVConfig{LabelColumn: 1}, []float32{2, 3}, 2, []int64{1}, []string{"0", "1"}},
		"second to last":  {"1,2,3\n", CSVConfig{LabelColumn: -2}, []float32{1, 3}, 2, []int64{2}, []string{"0", "1", "2"}},
		"last":            {"1,2,0\n", CSVConfig{LabelColumn: -1}, []float32{1, 2}, 2, []int64{0}, []string{"0"}},
		"by name":         {"a, kind ,c\n1,0,2\n", CSVConfig{Header: true, LabelName: "kind"}, []float32{1, 2}, 2, []int64{0}, []string{"0"}},
		"no labels":       {"1,2\n3,4\n", CSVConfig{NoLabels: true}, []float32{1, 2, 3, 4}, 2, nil, nil},
		"one column":      {"1\n3\n", CSVConfig{NoLabels: true}, []float32{1, 3}, 1, nil, nil},
		"classes":         {"1,b\n2,b\n", CSVConfig{Classes: []string{"c", "b", "a"}}, []float32{1, 2}, 1, []int64{1, 1}, []string{"c", "b", "a"}},
		"id as name":      {"1,7\n", CSVConfig{Classes: []string{"9", "7"}}, []float32{1}, 1, []int64{1}, []string{"9", "7"}},
		"semicolons":      {"1;2;0\n", CSVConfig{Comma: ';'}, []float32{1, 2}, 2, []int64{0}, []string{"0"}},
		"tabs":            {"1\t2\t0\n", CSVConfig{Comma: '\t'}, []float32{1, 2}, 2, []int64{0}, []string{"0"}},
		"comments":        {"# hello, world\n1,0\n", CSVConfig{Comment: '#'}, []float32{1}, 1, []int64{0}, []string{"0"}},
		"spaces, quotes":  {" 1, \"a, b\"\r\n\r\n2 ,c \r\n", CSVConfig{}, []float32{1, 2}, 1, []int64{0, 1}, []string{"a, b", "c"}},
		"byte order mark": {"\ufeff1,0\n", CSVConfig{}, []float32{1}, 1, []int64{0}, []string{"0"}},
		"exponents":       {"-1.5e-3,+2E4,0\n", CSVConfig{}, []float32{-1.5e-3, 2e4}, 2, []int64{0}, []string{"0"}},
	} {
		t.Run(name, func(t *testing.T) {
			for packing, file := range map[string][]byte{"plain": []byte(tt.file), "gzip": gzipped([]byte(tt.file))} {
				s, err := ReadCSV(bytes.NewReader(file), tt.cfg)
				if err != nil {
					t.Fatalf("%s: %v", packing, err)
				}
				if !reflect.DeepEqual(s.X.Data(), tt.x) || s.X.Shape()[1] != tt.columns || s.Len()*tt.columns != len(tt.x) {
					t.Errorf("%s: X %v %v, want %v", packing, s.X.Shape(), s.X.Data(), tt.x)
				}
				if tt.y == nil {
					if s.Y != nil {
						t.Errorf("Y %v, want none", s.Y)
					}
				} else if !reflect.DeepEqual(s.Y.Data(), tt.y) {
					t.Errorf("%s: Y %v, want %v", packing, s.Y.Data(), tt.y)
				}
				if !reflect.DeepEqual(s.Classes, tt.classes) {
					t.Errorf("%s: classes %q, want %q", packing, s.Classes, tt.classes)
				}
			}
		})
	}
}

func TestReadCSVErrors(t *testing.T) {
	for name, tt := range map[string]struct {
		file string
		cfg  CSVConfig
		want []string
	}{
		"empty":           {"", CSVConfig{}, []string{"one example"}},
		"header only":     {"a,b\n", CSVConfig{Header: true}, []string{"one example"}},
		"header unsaid":   {"a,b\n1,2\n", CSVConfig{}, []string{"line 1, column 1", `"a"`, "CSVConfig.Header"}},
		"word":            {"1,2,0\n\n3,x,0\n", CSVConfig{}, []string{"line 3, column 2", `"x"`, "finite number"}},
		"empty field":     {"1,2,0\n3,,0\n", CSVConfig{}, []string{"line 2, column 2", `""`}},
		"NaN":             {"NaN,0\n", CSVConfig{}, []string{"line 1, column 1", "NaN"}},
		"infinity":        {"1,0\n-Inf,0\n", CSVConfig{}, []string{"line 2, column 1"}},
		"beyond float32":  {"1e39,0\n", CSVConfig{}, []string{"line 1, column 1", "float32"}},
		"empty label":     {"1,0\n1,\n", CSVConfig{}, []string{"line 2, column 2", "label"}},
		"short line":      {"1,2,0\n1,0\n", CSVConfig{}, []string{"line 2", "wanted 3 fields", "came 2"}},
		"long line":       {"1,0\n1,2,0\n", CSVConfig{}, []string{"line 2", "wanted 2 fields", "came 3"}},
		"quote":           {"1,0\n1\"2,0\n", CSVConfig{}, []string{"line 2", "column 2"}},
		"one column":      {"1;0\n", CSVConfig{}, []string{"one column", "Comma", "','"}},
		"label column":    {"1,0\n", CSVConfig{LabelColumn: 3}, []string{"LabelColumn", "1 to 2", "came 3"}},
		"label from end":  {"1,0\n", CSVConfig{LabelColumn: -3}, []string{"LabelColumn", "came -3"}},
		"label name":      {"a,b\n1,0\n", CSVConfig{Header: true, LabelName: "c"}, []string{`"c"`, "a, b"}},
		"name, no header": {"1,0\n", CSVConfig{LabelName: "c"}, []string{"Header"}},
		"no labels, yet":  {"1,0\n", CSVConfig{NoLabels: true, LabelColumn: 1}, []string{"NoLabels"}},
		"unknown class":   {"1,a\n1,x\n", CSVConfig{Classes: []string{"a", "b"}}, []string{"line 2, column 2", `"x"`, "a, b"}},
		"class twice":     {"1,a\n", CSVConfig{Classes: []string{"a", "a"}}, []string{`"a"`, "twice"}},
		"comma":           {"1,a\n", CSVConfig{Comma: '\n'}, []string{"delimiter"}},
		"long field":      {strings.Repeat("x", 1000) + ",0\n", CSVConfig{}, []string{"xxx..."}},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := ReadCSV(strings.NewReader(tt.file), tt.cfg)
			wantError(t, err, append(tt.want, "dataset: ReadCSV")...)
			if s != nil {
				t.Errorf("a set beside the error: %v", s)
			}
			if len(err.Error()) > 400 {
				t.Errorf("error of %d bytes", len(err.Error()))
			}
		})
	}
}

func TestReadCSVTargets(t *testing.T) {
	const table = "rooms,value,age\n3,2.5,1\n4,-1e3,2\n5,3,7\n"
	s, err := ReadCSV(strings.NewReader(table), CSVConfig{Header: true, LabelName: "value", Targets: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(s.X.Data(), s.X.Shape(), s.Y.Data(), s.Y.Shape(), s.Classes); got != "[3 1 4 2 5 7] (3, 2) [2.5 -1000 3] (3) []" {
		t.Error(got)
	}
	b := Batches(BatchesConfig{Source: s, BatchSize: 3, NoShuffle: true})
	if !b.Next() || fmt.Sprint(b.Y().Data()) != "[2.5 -1000 3]" {
		t.Errorf("a batch has the targets %v, error %v", b.Y(), b.Err())
	}
	b.Close()
	for want, tt := range map[string]struct {
		table string
		cfg   CSVConfig
	}{
		"line 1, column 2":    {"1,cheap\n", CSVConfig{Targets: true}},
		"line 2, column 1":    {"1,2\n,2\n", CSVConfig{Targets: true, LabelColumn: 1}},
		"excludes NoLabels":   {"1,2\n", CSVConfig{Targets: true, NoLabels: true}},
		"and Classes":         {"1,2\n", CSVConfig{Targets: true, Classes: []string{"2"}}},
		"CSVConfig.Header if": {"a,b\n1,2\n", CSVConfig{Targets: true}},
	} {
		_, err := ReadCSV(strings.NewReader(tt.table), tt.cfg)
		wantError(t, err, "dataset: ReadCSV", want)
	}
}

func TestReadCSVOfNil(t *testing.T) {
	s, err := ReadCSV(nil, CSVConfig{})
	wantError(t, err, "dataset: ReadCSV", "wanted a reader, came nil")
	if s != nil {
		t.Errorf("a set beside the error: %v", s)
	}
}

func TestOpenCSV(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	_, err := OpenCSV(path, CSVConfig{})
	wantError(t, err, "OpenCSV", path)
	write(t, path, []byte("1,2\n"))
	if s, err := OpenCSV(path, CSVConfig{}); err != nil || s.Name != path {
		t.Errorf("%v, %v", s, err)
	}
	if s, err := OpenCSV(path, CSVConfig{Name: "own"}); err != nil || s.Name != "own" {
		t.Errorf("%v, %v", s, err)
	}
	write(t, path, []byte("x,2\n"))
	_, err = OpenCSV(path, CSVConfig{})
	wantError(t, err, path, "line 1, column 1")
}

func FuzzReadCSV(f *testing.F) {
	f.Add([]byte("1,2,0\n3,4,1\n"), true, 0)
	f.Add([]byte("1,a\n2,b\n"), false, -1)
	f.Add([]byte("\"1\n\",a\n2,\"\"\"\"\n"), false, 1)
	f.Add([]byte("\ufeff1,99999999999999999999\n"), false, 2)
	f.Add(gzipped([]byte("1,2\n")), false, 0)
	f.Add([]byte(",\n"), false, 7)
	f.Fuzz(func(t *testing.T, file []byte, header bool, label int) {
		s, err := ReadCSV(bytes.NewReader(file), CSVConfig{Header: header, LabelColumn: label})
		if (s == nil) == (err == nil) {
			t.Fatalf("set %v and error %v", s, err)
		}
		if err != nil {
			return
		}
		x, y, err := s.rows()
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range x.data.raw().([]float32) {
			if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
				t.Fatalf("feature %v", v)
			}
		}
		for _, id := range y.data.raw().([]int64) {
			if id < 0 || id >= int64(len(s.Classes)) {
				t.Fatalf("label %d of %d classes", id, len(s.Classes))
			}
		}
	})
}
