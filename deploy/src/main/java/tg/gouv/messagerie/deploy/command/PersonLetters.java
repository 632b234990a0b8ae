package tg.gouv.messagerie.deploy.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.activation.ActivationCodes;
import tg.gouv.messagerie.directory.letters.LetterSettings;
import tg.gouv.messagerie.directory.letters.Letters;
import tg.gouv.messagerie.platform.settings.Secret;

/*
 * If the program goes away in between, the file is ended: the letters that are in it can be printed, and who has none gets one by asking
 * again.
 */
/** {@code person letters}: one-time codes for everybody of an entity who has no password, as letters to print. */
@Command(name = "letters")
final class PersonLetters implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "ENTITY", descriptionKey = "codes.entity")
    private String entity = "";

    @Option(names = "--pdf", required = true, paramLabel = "FILE", descriptionKey = "codes.csv")
    private Path file = Path.of("");

    @Option(names = "--again", descriptionKey = "codes.again")
    private boolean again;

    private LetterSettings settings = LetterSettings.byDefault();
    private Optional<Letters> letters = Optional.empty();

    PersonLetters(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        ControlRequest.PersonLetters request = new ControlRequest.PersonLetters(Named.entity(entity), again);
        boolean made = false;
        try (OutputStream out = SecretFile.create(file)) {
            made = true;
            write(request, out);
            return ExitStatus.OK.number();
        } catch (FileAlreadyExistsException e) {
            throw new Refusal(ExitStatus.USAGE, "codes.exists", file);
        } catch (IOException | UncheckedIOException e) {
            throw new Refusal(ExitStatus.UNAVAILABLE, "codes.not-written", file);
        } finally {
            if (made && letters.isEmpty()) {
                delete();
            }
        }
    }

    private void write(ControlRequest.PersonLetters request, OutputStream out) {
        try {
            ControlAnswer.Exported issued = new ControlClient(target.data())
                    .converse(
                            request,
                            InputStream.nullInputStream(),
                            heard -> write(heard, out),
                            ControlAnswer.Exported.class);
            if (issued.people() == 0) {
                terminal.say("letters.none");
            } else {
                terminal.say("letters.done", issued.people(), file);
            }
        } finally {
            letters.ifPresent(Letters::close);
        }
        letters.map(Letters::incomplete)
                .filter(it -> it > 0)
                .ifPresent(it -> terminal.complain(terminal.texts().text("letters.incomplete", it)));
    }

    private void write(ControlAnswer heard, OutputStream out) {
        switch (heard) {
            case ControlAnswer.LetterHead(LetterSettings said) -> settings = said;
            case ControlAnswer.LetterTo letter -> {
                if (letters.isEmpty()) {
                    letters = Optional.of(
                            new Letters(out, settings, terminal.texts().locale()));
                }
                letters.get().add(letter(letter));
            }
            default -> throw new IllegalStateException("nothing else goes before an answer");
        }
    }

    private static ActivationCodes.Letter letter(ControlAnswer.LetterTo said) {
        return new ActivationCodes.Letter(
                said.number(),
                said.name(),
                said.language(),
                MailAddress.of(said.address()),
                new ActivationCodes.Service(said.service(), said.serviceName(), said.letters()),
                new ActivationCodes.Issued(
                        new AccountId(new UUID(0, 0)), new Secret(said.code()), said.expires())); // of no use on paper
    }

    /** Nothing was issued: a file without letters would be in the way. */
    private void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            // it says nothing
        }
    }
}
