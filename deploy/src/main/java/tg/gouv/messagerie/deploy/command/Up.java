package tg.gouv.messagerie.deploy.command;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tg.gouv.messagerie.deploy.demo.DemoPorts;
import tg.gouv.messagerie.platform.settings.Settings;

/** {@code up}: starts the program, the demonstration or the service of a settings file, and returns when it has ended. */
@Command(name = "up")
final class Up<S extends Record, R extends Running> implements Callable<Integer> {
    /** The settings file that a demonstration writes into its data directory. */
    static final String SETTINGS = "messagerie.toml";

    private final Terminal terminal;
    private final Clock clock;
    private final Assembly<S, R> assembly;

    @ArgGroup(multiplicity = "1")
    private final What what = new What();

    @Option(names = "--data", paramLabel = "DIR", descriptionKey = "up.data")
    private Optional<Path> data = Optional.empty();

    @Option(names = "--ports", paramLabel = "standard|demo|auto", descriptionKey = "up.ports")
    private Optional<DemoPorts> ports = Optional.empty();

    @Option(names = "--listen", paramLabel = "ADDRESS", descriptionKey = "up.listen")
    private Optional<String> listen = Optional.empty();

    /** The launcher starts the program once for the JVM to learn what a start needs (JEP 483, 514). */
    @Option(names = "--rehearsal", hidden = true)
    private boolean rehearsal;

    Up(Terminal terminal, Clock clock, Assembly<S, R> assembly) {
        this.terminal = terminal;
        this.clock = clock;
        this.assembly = assembly;
    }

    /** One of the two. */
    private static final class What {
        @Option(names = "--demo", required = true, descriptionKey = "up.demo")
        private boolean demo;

        @Option(names = "--settings", required = true, paramLabel = "FILE", descriptionKey = "up.settings")
        private Optional<Path> settings = Optional.empty();
    }

    @Override
    public Integer call() {
        if (what.demo) {
            runDemo();
        } else {
            runService(what.settings.orElseThrow());
        }
        return ExitStatus.OK.number();
    }

    private void runService(Path file) {
        if (data.isPresent() || ports.isPresent() || listen.isPresent()) {
            throw new Refusal(ExitStatus.USAGE, "up.only-for-the-demo");
        }
        S settings = Settings.read(file, assembly.settings()).value();
        try (DataDirectory taken = DataDirectory.take(assembly.data(settings), DataDirectory.Purpose.SERVICE)) {
            terminal.say("up.title", Version.ofProgram(), taken.path());
            run(taken, settings, new ServiceScreen<>(terminal));
        }
    }

    private void runDemo() {
        Path place = data.orElseGet(() -> DemoPlace.usual(System.getenv(), System.getProperty("user.name")));
        try (DataDirectory taken = DataDirectory.take(place, DataDirectory.Purpose.DEMO)) {
            String address = ListenAddress.of(listen);
            String host = ListenAddress.host(address);
            String text = assembly.demoSettings(taken.path(), ports.orElse(DemoPorts.DEMO), address, host);
            taken.write(SETTINGS, text); // for whoever wants to read or copy it
            S settings = Settings.parse(SETTINGS, text, assembly.settings(), taken.path())
                    .value();
            terminal.say("up.title.demo", Version.ofProgram(), Terminal.shortened(taken.path(), System.getenv()));
            run(taken, settings, new DemoScreen<>(terminal, assembly, host, new SecureRandom()));
        }
    }

    private void run(DataDirectory data, S settings, Service.Occasion<R> occasion) {
        ListeningPorts.demandFree(assembly.endpoints(settings));
        new Service<R>(terminal, clock, Lifetime.USUALLY_WITHIN, rehearsal)
                .run(data, stages -> assembly.start(settings, stages), occasion);
    }
}
