package tg.gouv.messagerie.deploy.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.imports.Mapping;
import tg.gouv.messagerie.directory.imports.Template;
import tg.gouv.messagerie.platform.settings.Settings;

/** {@code import template people|entities|positions}: a file to fill in, or a mapping file. */
@Command(name = "template")
final class ImportTemplate implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "people|entities|positions", arity = "0..1", descriptionKey = "import.template-what")
    private Imports.Kind what = Imports.Kind.PEOPLE;

    @Option(names = "--mapping", descriptionKey = "import.template-mapping")
    private boolean mapping;

    ImportTemplate(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.result((mapping
                        ? Settings.reference(Mapping.class)
                        : Template.of(what, terminal.texts().locale()))
                .strip());
        return ExitStatus.OK.number();
    }
}
