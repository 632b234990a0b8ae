package tg.gouv.messagerie.deploy.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.imports.Mapping;
import tg.gouv.messagerie.platform.settings.Settings;

/**
 * {@code import FILE}: brings many people into the running program's directory. Ends with 65 if rows were refused: the others are in.
 */
@Command(name = "import")
final class ImportCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "FILE", arity = "0..1", descriptionKey = "import.file")
    private Optional<Path> named = Optional.empty();

    @Option(names = "--dry-run", descriptionKey = "import.dry-run")
    private boolean dryRun;

    @Option(names = "--mapping", paramLabel = "FILE", descriptionKey = "import.mapping")
    private Optional<Path> mapping = Optional.empty();

    @Option(names = "--refused", paramLabel = "FILE", descriptionKey = "import.refused")
    private Optional<Path> refused = Optional.empty();

    @Option(names = "--activate", descriptionKey = "import.activate")
    private boolean activate;

    @Option(names = "--force", descriptionKey = "import.force")
    private boolean force;

    ImportCommand(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        Path file = named.orElseThrow(() -> new Refusal(ExitStatus.USAGE, "import.which-file"));
        Mapping columns =
                mapping.map(it -> Settings.read(it, Mapping.class).value()).orElseGet(Mapping::none);
        Imports.Order order = new Imports.Order(
                String.valueOf(file.getFileName()),
                columns,
                dryRun,
                activate,
                force,
                terminal.texts().locale());
        if (!Files.isReadable(file)) {
            throw new Refusal(ExitStatus.NO_INPUT, "import.no-file", file);
        }
        try (InputStream content = Files.newInputStream(file);
                Writer rows = refusedRows()) {
            Imports.Report report = new ControlClient(target.data())
                    .converse(
                            new ControlRequest.ImportFile(order),
                            content,
                            heard -> show(heard, rows),
                            ControlAnswer.Imported.class)
                    .report();
            tell(report);
            return (report.refused() == 0 ? ExitStatus.OK : ExitStatus.DATA).number();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void show(ControlAnswer heard, Writer rows) {
        switch (heard) {
            case ControlAnswer.Lines lines
            when lines.channel() == ControlAnswer.Lines.Channel.REFUSED ->
                lines.lines().forEach(it -> write(rows, it));
            case ControlAnswer.Lines lines
            when lines.channel() == ControlAnswer.Lines.Channel.PROBLEM ->
                lines.lines().forEach(it -> terminal.complain(Terminal.printable(it)));
            case ControlAnswer.Lines lines -> lines.lines().forEach(it -> terminal.result(Terminal.printable(it)));
            case ControlAnswer.Advanced(long done, long of) -> advance(done, of);
            default -> throw new IllegalStateException("nothing else goes before an answer");
        }
    }

    private void advance(long done, long of) {
        if (terminal.interactive()) {
            int tenths = of == 0 ? 20 : (int) (done * 20 / of);
            terminal.out()
                    .print("\r [" + "#".repeat(tenths) + "-".repeat(20 - tenths) + "] " + done + "/" + of
                            + (done == of ? "\n" : ""));
            terminal.out().flush();
        }
    }

    private void tell(Imports.Report report) {
        switch (report.format()) {
            case CSV -> terminal.say("import.read", report.rows(), report.encoding(), report.delimiter());
            case LDIF -> terminal.say("import.read-ldif", report.rows());
        }
        terminal.say(
                dryRun ? "import.would" : "import.did",
                report.made(),
                report.changed(),
                report.unchanged(),
                report.refused());
        if (report.resumed()) {
            terminal.say("import.resumed");
        }
        report.id().ifPresent(it -> terminal.say("import.id", it.toString()));
    }

    /** The refused rows hold personal data: theirs who asked alone. */
    private Writer refusedRows() throws IOException {
        if (refused.isEmpty()) {
            return Writer.nullWriter();
        }
        if (Files.exists(refused.get())) {
            throw new Refusal(ExitStatus.CANNOT_CREATE, "import.refused-exists", refused.get());
        }
        Files.newByteChannel(
                        refused.get(),
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
                .close();
        Writer rows = Files.newBufferedWriter(refused.get(), StandardCharsets.UTF_8);
        rows.write('\uFEFF'); // the byte order mark by which spreadsheets know UTF-8
        return rows;
    }

    private static void write(Writer rows, String line) {
        try {
            rows.write(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
