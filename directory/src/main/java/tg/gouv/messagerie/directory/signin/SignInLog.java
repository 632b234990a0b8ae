package tg.gouv.messagerie.directory.signin;

/** Where sign-ins and refusals are told; called by any thread, after the outcome is counted and before it is answered. */
@FunctionalInterface
public interface SignInLog {
    /** Takes note; returns at once. */
    void record(SignInEvent event);
}
