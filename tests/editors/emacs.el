;;; emacs.el --- scenes that a person plays in Emacs with eglot  -*- lexical-binding: t -*-

;; Each scene opens the file, does what its name says by eglot's own commands, and prints what it
;; saw as one line of JSON.  Waits end when what they wait for is there; Emacs exits with 1 where
;; it never comes.

;;; Code:

;; Before Emacs 29 eglot is a package, which --quick does not look for.
(when (< emacs-major-version 29)
  (let ((default-directory "/usr/share/emacs/site-lisp/elpa/"))
    (when (file-directory-p default-directory)
      (normal-top-level-add-subdirs-to-load-path))))
(require 'cl-lib)
(require 'eglot)
(require 'json)

;; What a person would have to be asked, and what only matters to one.
(setq make-backup-files nil
      auto-save-default nil
      create-lockfiles nil
      vc-handled-backends nil
      eglot-autoshutdown nil
      eglot-confirm-server-initiated-edits nil
      eglot-confirm-server-edits nil)
(set-language-environment "UTF-8")

(defvar last-line "    return math.pi * radius ** 2")

(defun wait-for (what found)
  "Wait until FOUND returns non-nil, and return that; WHAT is named where it never does."
  (let ((end (+ (float-time) 40)) value)
    (while (and (not (setq value (funcall found))) (< (float-time) end))
      (accept-process-output nil 0.05))
    (unless value
      (message "Never came: %s" what)
      (kill-emacs 1))
    value))

(defun report (&rest members)
  "Print MEMBERS, a property list, and end."
  (eglot-shutdown (eglot-current-server))
  (princ (json-encode-plist members))
  (terpri)
  (kill-emacs 0))

(defun open-sample ()
  "Visit the file, and connect eglot as the README says."
  (eval (car (read-from-string (getenv "GLOSS_SETUP"))) t)
  (find-file (getenv "GLOSS_FILE"))
  (python-mode)
  (apply #'eglot (eglot--guess-contact))
  (wait-for "the server" #'eglot-current-server))

(defun text ()
  "All of the buffer."
  (buffer-substring-no-properties (point-min) (point-max)))

(defun offered (beginning end)
  "The titles of all code actions between BEGINNING and END."
  (vconcat (mapcar (lambda (action) (plist-get action :title))
                   (eglot-code-actions beginning end))))

(defun select-function ()
  "Let the region be the function."
  (goto-char (point-min))
  (search-forward "def area")
  (set-mark (line-beginning-position))
  (search-forward last-line)
  (activate-mark))

(defun choose-action (pattern)
  "Choose the code action whose title matches PATTERN from eglot's menu."
  (let ((last-nonmenu-event ?x)
        (transient-mark-mode t))
    (cl-letf (((symbol-function 'completing-read)
               (lambda (_prompt table &rest _)
                 (cl-find-if (lambda (title) (string-match-p pattern title))
                             (all-completions "" table)))))
      (call-interactively #'eglot-code-actions))))

(defun hover ()
  "What eglot's hover says here; nil where it says nothing."
  (let ((said 'nothing) (end (+ (float-time) 5)))
    (eglot-hover-eldoc-function (lambda (text &rest _) (setq said text)))
    (while (and (eq said 'nothing) (< (float-time) end))
      (accept-process-output nil 0.05))
    (and (stringp said) (substring-no-properties said))))

(defun scene-menu ()
  "Look at what is offered for the function, for the whole file, and where nothing is selected."
  (open-sample)
  (select-function)
  (report :function (offered (region-beginning) (region-end))
          :file (offered (point-min) (point-max))
          :nothing (offered (point-max) (point-max))))

(defun scene-explain ()
  "Explain the function, and read that by hovering over it."
  (open-sample)
  (select-function)
  (choose-action "^Explain")
  (goto-char (point-min))
  (search-forward "radius)")
  (backward-char 2)
  (let ((said (wait-for "the explanation"
                        (lambda ()
                          (let ((said (hover)))
                            (and said (string-match-p "of a circle\\." said) said))))))
    (report :hover said :text (text))))

(defun scene-stop ()
  "Explain the function with a model that says nothing: eglot is not kept waiting, and stops it."
  (open-sample)
  (select-function)
  (choose-action "^Explain")
  (wait-for "the question" (lambda () (file-exists-p (concat (getenv "GLOSS_FILE") ".asked"))))
  (eglot-execute-command (eglot-current-server) 'gloss.stop (vector (make-hash-table)))
  (wait-for "the end" (lambda () (file-exists-p (concat (getenv "GLOSS_FILE") ".closed"))))
  (report :hover (hover)))

(defun scene-translate ()
  "Translate the comments of the file, and undo that."
  (open-sample)
  (buffer-enable-undo)
  (mark-whole-buffer)
  (let ((before (text)))
    (choose-action "^Translate")
    (wait-for "the edit" (lambda () (not (equal (text) before))))
    (let ((after (text)))
      (undo-boundary)
      (undo)
      (report :after after :undone (text)))))

(defun scene-complete ()
  "Complete at the end of the file by the usual key."
  (open-sample)
  (goto-char (point-max))
  (wait-for "the list"
            (lambda ()
              (pcase (eglot-completion-at-point)
                (`(,_ ,_ ,table . ,_) (all-completions "" table)))))
  (completion-at-point)
  (report :text (text)))

(defun scene-unreachable ()
  "Explain the function while nobody answers."
  (open-sample)
  (select-function)
  (choose-action "^Explain")
  (wait-for "the message"
            (lambda ()
              (let ((case-fold-search nil))
                (with-current-buffer (messages-buffer)
                  (string-match-p "Ollama" (buffer-string))))))
  (report :said (with-current-buffer (messages-buffer) (buffer-string))))

;;; emacs.el ends here
