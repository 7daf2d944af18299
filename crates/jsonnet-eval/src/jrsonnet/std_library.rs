//! The variable `std`: jrsonnet's library, made silent.

use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use jrsonnet_evaluator::trace::PathResolver;
use jrsonnet_evaluator::{
    ContextInitializer, Error, InitialContextBuilder, ObjValue, ObjValueBuilder, Source, State,
    Thunk, Val,
};
use jrsonnet_gcmodule::Cc;
use jrsonnet_stdlib::{Settings, StdTracePrinter, stdlib_uncached};

/// The library of one evaluation: no external variables, no native functions, no printing.
pub(super) struct StdLibrary(ObjValue);

impl StdLibrary {
    pub(super) fn new(state: &State) -> Result<Self, Error> {
        let resolver = PathResolver::FileName;
        let settings = Settings {
            ext_vars: HashMap::new(),
            ext_natives: HashMap::new(),
            trace_printer: Rc::new(StdTracePrinter::new(resolver.clone())),
            path_resolver: resolver,
        };
        let mut library = ObjValueBuilder::new();
        library.with_super(stdlib_uncached(Cc::new(RefCell::new(settings))));
        // A printer of our own would need `unsafe`, so the function that prints is replaced.
        let trace = state.evaluate_snippet("trace", "function(str, rest) rest")?;
        library.field("trace").hide().value(trace);
        library
            .field("thisFile")
            .hide()
            .value(Val::string("program"));
        Ok(Self(library.build()))
    }
}

impl ContextInitializer for StdLibrary {
    fn populate(&self, _: Source, builder: &mut InitialContextBuilder) {
        builder.bind("std", Thunk::evaluated(Val::Obj(self.0.clone())));
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
