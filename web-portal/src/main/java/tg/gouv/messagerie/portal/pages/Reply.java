package tg.gouv.messagerie.portal.pages;

import gg.jte.models.runtime.JteModel;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * What a visit is answered: a page, another page to go to, or a file.
 *
 * @param cookies as the header Set-Cookie has them
 * @param scripted whether the page has the one script of ours for it
 * @param again after how many seconds the browser asks for the page again by itself: only where the reader has chosen so (WCAG 2.2.1)
 */
public record Reply(
        int status,
        Optional<JteModel> page,
        Optional<String> location,
        Optional<File> file,
        List<String> cookies,
        boolean scripted,
        OptionalInt again) {
    public Reply {
        cookies = List.copyOf(cookies);
    }

    /**
     * A file that is written while it is sent.
     *
     * @param name under which a browser saves it; empty, it is shown
     */
    public record File(String type, Optional<String> name, Octets octets) {}

    /** What is in a file. */
    @FunctionalInterface
    public interface Octets {
        /** Writes it; the stream stays the caller's to close. */
        void write(OutputStream to) throws IOException;
    }

    /** A page. */
    public static Reply page(JteModel page) {
        return page(200, page);
    }

    /** A page with another status, such as 422 for a form that comes back with what is wrong. */
    public static Reply page(int status, JteModel page) {
        return new Reply(
                status, Optional.of(page), Optional.empty(), Optional.empty(), List.of(), false, OptionalInt.empty());
    }

    /** Another page of ours, asked for anew, so that nothing is done twice (RFC 9110 section 15.4.4). */
    public static Reply to(String path) {
        return new Reply(
                303, Optional.empty(), Optional.of(path), Optional.empty(), List.of(), false, OptionalInt.empty());
    }

    /** A file to be saved. */
    public static Reply file(String type, String name, Octets octets) {
        return new Reply(
                200,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new File(type, Optional.of(name), octets)),
                List.of(),
                false,
                OptionalInt.empty());
    }

    /** The same, and from now on the browser's session is this one. */
    public Reply withSession(Secret session) {
        return with(Cookies.session(session)).with(Cookies.none(Cookies.WAITING));
    }

    /** The same, and the browser has no session any more. */
    public Reply withoutSession() {
        return with(Cookies.none(Cookies.SESSION)).with(Cookies.none(Cookies.WAITING));
    }

    /** The same, and the browser shows this when it brings a code. */
    public Reply withWaiting(Secret waiting) {
        return with(Cookies.waiting(waiting));
    }

    /** The same, and pages are in this language from now on. */
    public Reply withLanguage(Locale language) {
        return with(Cookies.language(language.getLanguage()));
    }

    /** The same page, with the script that makes it comfortable. */
    public Reply withScript() {
        return new Reply(status, page, location, file, cookies, true, again);
    }

    /** The same page, which the browser asks for again after some seconds, because its reader has chosen so. */
    public Reply askedAgainIn(int seconds) {
        return new Reply(status, page, location, file, cookies, scripted, OptionalInt.of(seconds));
    }

    /** A file is read while it is sent, as who asked for it. */
    Reply within(Circumstances circumstances) {
        return new Reply(
                status,
                page,
                location,
                file.map(it -> new File(
                        it.type(),
                        it.name(),
                        to -> circumstances.run(() -> {
                            try {
                                it.octets().write(to);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        }))),
                cookies,
                scripted,
                again);
    }

    Reply with(String cookie) {
        List<String> all = new ArrayList<>(cookies);
        all.add(cookie);
        return new Reply(status, page, location, file, all, scripted, again);
    }
}
