def lint(options): raise NotImplementedError
