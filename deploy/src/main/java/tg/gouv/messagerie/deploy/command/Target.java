package tg.gouv.messagerie.deploy.command;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which running program a command speaks to: {@code --data} or {@code --settings}, or the demonstration's usual place. */
final class Target {
    @Option(names = "--data", paramLabel = "DIR", descriptionKey = "target.data")
    private Optional<Path> data = Optional.empty();

    /** The data directory of the program that is meant. */
    Path data() {
        return data.orElseGet(() -> DemoPlace.usual(System.getenv(), System.getProperty("user.name")));
    }
}
