package tg.gouv.messagerie.deploy.command;

import java.nio.file.Path;
import java.util.Map;

/** Where the demonstration keeps its data when nobody says. */
final class DemoPlace {
    private static final String NAME = "messagerie-demo";

    private DemoPlace() {}

    /**
     * The user's state directory, as the XDG base directory specification names it. Root's is {@code /var/lib}: PostgreSQL, which
     * runs as another user, may not enter root's home.
     */
    static Path usual(Map<String, String> environment, String user) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        if (state.startsWith("/")) { // the specification: a relative path is ignored
            return Path.of(state, NAME);
        }
        if (user.equals("root")) {
            return Path.of("/var/lib", NAME);
        }
        return Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".local/state", NAME);
    }
}
