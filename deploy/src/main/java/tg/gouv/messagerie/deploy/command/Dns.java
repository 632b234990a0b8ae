package tg.gouv.messagerie.deploy.command;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tg.gouv.messagerie.platform.settings.Settings;

/**
 * {@code dns}: the records to publish for a domain whose mail comes here.
 *
 * @param <S> the program's settings
 */
@Command(name = "dns")
final class Dns<S extends Record> implements Callable<Integer> {
    /** RFC 1123 section 2.1; at least two labels. */
    private static final Pattern NAME =
            Pattern.compile("(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private final Terminal terminal;
    private final Assembly<S, ?> assembly;

    @Option(names = "--domain", required = true, paramLabel = "DOMAIN", descriptionKey = "init.domain")
    private String domain = "";

    @Option(names = "--settings", required = true, paramLabel = "FILE", descriptionKey = "target.settings")
    private Path file = Path.of(Up.SETTINGS);

    Dns(Terminal terminal, Assembly<S, ?> assembly) {
        this.terminal = terminal;
        this.assembly = assembly;
    }

    @Override
    public Integer call() {
        show(
                terminal,
                assembly,
                name(domain),
                Settings.read(file, assembly.settings()).value());
        return ExitStatus.OK.number();
    }

    /** Shows the records of a domain. */
    static <S extends Record> void show(Terminal terminal, Assembly<S, ?> assembly, String domain, S settings) {
        String host = assembly.hostName(settings);
        terminal.say("dns.publish", domain);
        new DnsRecords(domain, host, assembly.endpoints(settings)).lines().forEach(terminal::result);
        terminal.say("dns.beside", host, domain);
    }

    /** A domain name in lower case. */
    static String name(String written) {
        String name = written.toLowerCase(Locale.ROOT);
        if (!NAME.matcher(name).matches()) {
            throw new Refusal(ExitStatus.USAGE, "init.not-a-name", written);
        }
        return name;
    }
}
