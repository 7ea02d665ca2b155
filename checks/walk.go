package checks

import (
	"fmt"
	"reflect"
)

// EachFact visits every fact of a photograph that holds a value, in a fixed
// order, the facts inside of facts included. take makes the visited fact a missing one for the given
// reason; what it returns puts the fact back. It is how one proves that losing a
// fact costs certainty and nothing else.
func EachFact(f *Facts, visit func(path string, take func(why string) (putBack func()))) {
	walk(reflect.ValueOf(f).Elem(), "", visit)
}

// lossy is any *Fact[T].
type lossy interface {
	Known() bool
	take(why string) (putBack func())
	inside() reflect.Value
}

func (f *Fact[T]) take(why string) (putBack func()) {
	was := *f
	*f = Missing[T](f.from, why)
	return func() { *f = was }
}

func (f *Fact[T]) inside() reflect.Value { return reflect.ValueOf(&f.value).Elem() }

func walk(v reflect.Value, path string, visit func(string, func(string) func())) {
	if v.CanAddr() {
		if fact, ok := v.Addr().Interface().(lossy); ok {
			if !fact.Known() {
				return
			}
			visit(path, fact.take)
			walk(fact.inside(), path, visit)
			return
		}
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			walk(v.Elem(), path, visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() {
				walk(v.Field(i), path+"/"+field.Name, visit)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), fmt.Sprintf("%s/%d", path, i), visit)
		}
	default:
		// Plain values hold no facts.
	}
}
