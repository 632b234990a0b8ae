package tg.gouv.messagerie.deploy.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tg.gouv.messagerie.platform.settings.Settings;

/**
 * {@code dns}: the records to publish for a domain whose mail comes here, or for each domain of the directory that runs.
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

    @Option(names = "--domain", paramLabel = "DOMAIN", descriptionKey = "dns.domain")
    private Optional<String> domain = Optional.empty();

    @Option(names = "--host", paramLabel = "NAME", descriptionKey = "dns.host")
    private Optional<String> host = Optional.empty();

    @Mixin
    private final Target target;

    Dns(Terminal terminal, Assembly<S, ?> assembly) {
        this.terminal = terminal;
        this.assembly = assembly;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        Optional<String> server = host.map(Dns::name);
        Optional<String> asked = domain.map(Dns::name);
        Path file = target.settings();
        S settings = Settings.read(file, assembly.settings()).value();
        List<String> domains = asked.map(List::of)
                .orElseGet(() -> new ControlClient(target.data())
                        .ask(new ControlRequest.Domains(), ControlAnswer.DomainsListed.class).domains().stream()
                                .map(ControlRequest.DomainSet::name)
                                .sorted()
                                .toList());
        for (String each : domains) {
            show(terminal, each, server.orElseGet(() -> assembly.hostName(settings)), assembly, settings);
        }
        return ExitStatus.OK.number();
    }

    /** Shows the records of a domain. */
    static <S extends Record> void show(Terminal terminal, Assembly<S, ?> assembly, String domain, S settings) {
        show(terminal, domain, assembly.hostName(settings), assembly, settings);
    }

    private static <S extends Record> void show(
            Terminal terminal, String domain, String host, Assembly<S, ?> assembly, S settings) {
        terminal.say("dns.publish", domain);
        new DnsRecords(domain, host, assembly.endpoints(settings))
                .lines(terminal.texts())
                .forEach(terminal::result);
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
