def bench(options): raise NotImplementedError
