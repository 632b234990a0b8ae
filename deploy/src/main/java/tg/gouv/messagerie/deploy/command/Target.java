package tg.gouv.messagerie.deploy.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import tg.gouv.messagerie.platform.settings.Settings;

/** Which running program a command speaks to: {@code --data} or {@code --settings}, or the demonstration's usual place. */
final class Target {
    private final Assembly<?, ?> assembly;

    @ArgGroup
    private final Place place = new Place();

    Target(Assembly<?, ?> assembly) {
        this.assembly = assembly;
    }

    /** One of the two, or none. */
    private static final class Place {
        @Option(names = "--data", paramLabel = "DIR", descriptionKey = "target.data")
        private Optional<Path> data = Optional.empty();

        @Option(names = "--settings", paramLabel = "FILE", descriptionKey = "target.settings")
        private Optional<Path> settings = Optional.empty();
    }

    /** The data directory of the program that is meant. */
    Path data() {
        return place.settings
                .map(file -> dataOf(assembly, file))
                .or(() -> place.data)
                .orElseGet(() -> DemoPlace.usual(System.getenv(), System.getProperty("user.name")));
    }

    /** The settings file of the program that is meant; a demonstration wrote its own into its data directory. */
    Path settings() {
        Path file = place.settings.orElseGet(() -> data().resolve(Up.SETTINGS));
        if (!Files.exists(file)) {
            throw new Refusal(ExitStatus.NO_INPUT, "target.no-settings", file);
        }
        return file;
    }

    private static <S extends Record> Path dataOf(Assembly<S, ?> assembly, Path file) {
        return assembly.data(Settings.read(file, assembly.settings()).value());
    }
}
