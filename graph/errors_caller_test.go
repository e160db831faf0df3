package graph

import (
	"reflect"
	"strings"
	"testing"
)

func TestCallerIsNoInterpreter(t *testing.T) {
	if got := caller(); !strings.HasPrefix(got, "graph/errors_caller_test.go:") {
		t.Errorf("called from here: %q", got)
	}
	if got := reflect.ValueOf(caller).Call(nil)[0].String(); got != "" {
		t.Errorf("called by reflection, as interpreters do it: %q; want none", got)
	}
}
