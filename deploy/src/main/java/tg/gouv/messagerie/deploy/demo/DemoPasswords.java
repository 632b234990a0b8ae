package tg.gouv.messagerie.deploy.demo;

import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import tg.gouv.messagerie.platform.settings.Secret;

/** The passwords of one installation's demonstration, by address: made once, at random, the same at every start. */
public final class DemoPasswords {
    /** Their file in the data directory, readable by its owner alone. */
    public static final String FILE = "demo-passwords";

    private final SequencedMap<String, Secret> byAddress;

    private DemoPasswords(SequencedMap<String, Secret> byAddress) {
        this.byAddress = byAddress;
    }

    /**
     * The passwords of a file's lines, {@code address password}, and new ones for the addresses that have none.
     *
     * @param lines empty at the first start
     */
    public static DemoPasswords of(List<String> lines, List<String> addresses, SecureRandom random) {
        SequencedMap<String, Secret> passwords = new LinkedHashMap<>();
        for (String line : lines) {
            int space = line.indexOf(' ');
            if (space > 0) {
                passwords.put(line.substring(0, space), new Secret(line.substring(space + 1)));
            }
        }
        for (String address : addresses) {
            passwords.computeIfAbsent(address, _ -> RandomPassword.from(random));
        }
        return new DemoPasswords(passwords);
    }

    /** The password of an address of the demonstration. */
    public Secret of(String address) {
        return Objects.requireNonNull(byAddress.get(address), address);
    }

    /** The file's text. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, Secret> entry : byAddress.entrySet()) {
            text.append(entry.getKey())
                    .append(' ')
                    .append(entry.getValue().reveal())
                    .append('\n');
        }
        return text.toString();
    }
}
