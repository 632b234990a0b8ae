package tg.gouv.messagerie.deploy.command;

import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tg.gouv.messagerie.directory.imports.CsvText;
import tg.gouv.messagerie.directory.imports.Mapping;
import tg.gouv.messagerie.directory.imports.PersonColumn;
import tg.gouv.messagerie.platform.settings.Settings;

/** {@code import template}: the first row of a file of people, or a mapping file to fill in. */
@Command(name = "template")
final class ImportTemplate implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--mapping", descriptionKey = "import.template-mapping")
    private boolean mapping;

    ImportTemplate(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.result(
                mapping
                        ? Settings.reference(Mapping.class).strip()
                        : CsvText.row(
                                        Arrays.stream(PersonColumn.values())
                                                .map(PersonColumn::title)
                                                .toList(),
                                        ';')
                                .strip());
        return ExitStatus.OK.number();
    }
}
