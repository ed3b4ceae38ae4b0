"""`--ablate`: what each check and each trick is worth, by engines that lack one of them.

switches.py says what there is to switch, variants.py makes an engine of each switch. Such an engine is
measured in turn with the one that it differs from; its rows go to `Results.ablation`.
"""
